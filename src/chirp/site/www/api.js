// The application's HTTP interface, and what is kept of a session: token, handle, place of the last write.

const KEPT = ["token", "handle", "lastWrite"];
const READ_ATTEMPTS = 3;
const LONGEST_WAIT_S = 5;

export class Failure extends Error {
  // status: HTTP's, or 0 when nothing answered; field: the input that is wrong, if one is.
  constructor(message, { status = 0, field = null, confirm = false } = {}) {
    super(message);
    Object.assign(this, { status, field, confirm });
  }
}

export const session = {
  get handle() {
    return sessionStorage.getItem("handle");
  },
  begin(token, handle) {
    sessionStorage.setItem("token", token);
    sessionStorage.setItem("handle", handle);
  },
  end() {
    KEPT.forEach((name) => sessionStorage.removeItem(name));
  },
};

export const api = {
  signUp: (handle, email, password) => send("POST", "/accounts", { handle, email, password }),
  confirm: (handle, code) => send("POST", `/accounts/${encodeURIComponent(handle)}/confirm`, { code }),
  sendCodeAgain: (handle) => send("POST", `/accounts/${encodeURIComponent(handle)}/code`),
  logIn: (handle, password) => send("POST", "/sessions", { handle, password }),
  user: (handle) => send("GET", `/users/${encodeURIComponent(handle)}`),
  posts: (handle, before) => send("GET", `/users/${encodeURIComponent(handle)}/posts${page(before)}`),
  timeline: (before) => send("GET", `/timeline${page(before)}`),
  post: (text, picture, key) =>
    send("POST", "/posts", picture ? { text, picture } : { text }, { "Idempotency-Key": key }),
  follows: async (handle) => (await send("GET", `/following/${encodeURIComponent(handle)}`)).following,
  follow: (handle) => send("PUT", `/following/${encodeURIComponent(handle)}`),
  unfollow: (handle) => send("DELETE", `/following/${encodeURIComponent(handle)}`),
  upload,
};

function page(before) {
  return before ? `?before=${encodeURIComponent(before)}` : "";
}

async function send(method, path, body, headers = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await call(method, path, body, headers);
    const busy = response.status === 429 || response.status >= 500;
    if (busy && method === "GET" && attempt < READ_ATTEMPTS) {
      await pause(Math.min(Number(response.headers.get("Retry-After")) || attempt, LONGEST_WAIT_S));
      continue;
    }
    return answer(response);
  }
}

async function call(method, path, body, headers) {
  const sent = { Accept: "application/json", ...headers };
  const token = sessionStorage.getItem("token");
  const lastWrite = sessionStorage.getItem("lastWrite");
  if (token) sent.Authorization = `Bearer ${token}`;
  if (lastWrite) sent["X-Last-Write"] = lastWrite;
  if (body) sent["Content-Type"] = "application/json";
  try {
    return await fetch(`/api${path}`, { method, headers: sent, body: body && JSON.stringify(body) });
  } catch {
    throw new Failure(
      navigator.onLine ? "Chirp does not answer. Try again in a moment." : "You are offline. Try again when you are back.",
    );
  }
}

async function answer(response) {
  const lastWrite = response.headers.get("X-Last-Write");
  if (lastWrite) sessionStorage.setItem("lastWrite", lastWrite);
  const said = await response.json().catch(() => ({}));
  if (response.ok) return said;
  const { status } = response;
  if (status === 401 && sessionStorage.getItem("token")) {
    session.end();
    throw new Failure("Your session has ended. Log in again.", { status });
  }
  const words = said.error || said.message;
  throw new Failure(sentence(status, words), { status, field: said.field || null, confirm: said.confirm === true });
}

function sentence(status, words) {
  if (status === 429) return "Too many requests. Wait a moment, then try again.";
  if (status >= 500) return "Something failed on our side. Nothing was lost here; try again.";
  if (!words) return `That did not work (${status}).`;
  const text = words[0].toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

async function upload(file, onProgress) {
  const { key, upload: target } = await send("POST", "/pictures", { content_type: file.type, bytes: file.size });
  const form = new FormData();
  Object.entries(target.fields).forEach(([name, value]) => form.append(name, value));
  form.append("file", file);
  await posted(target.url, form, onProgress);
  return key;
}

function posted(url, form, onProgress) {
  // fetch() tells nothing of the progress of what it sends.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Failure("The picture could not be sent. Try again."));
    request.onload = () =>
      request.status < 300
        ? resolve()
        : reject(new Failure("The picture was refused: it is too large or not a picture.", { status: request.status }));
    request.send(form);
  });
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
