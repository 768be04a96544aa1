// The form for a new post, with a picture if one likes.

import { api, Failure } from "./api.js";
import { element, field, form, say } from "./dom.js";

const MOST_CHARS = 10000;
const MOST_BYTES = 5 * 1024 * 1024;
const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export function composer(onPosted) {
  const text = field("What is new?", "text", { rows: 3 }, "", "textarea");
  const count = element("span", { className: "count end" });
  const chosen = element("span", { className: "count" });
  const picker = element("input", { type: "file", accept: TYPES.join(","), onchange: show });
  const file = element("label", { className: "file" }, "Add a picture", picker);
  const progress = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Sending the picture" });
  const fields = { text, picture: pictureField(picker, progress, chosen) };
  let key = crypto.randomUUID();
  let sent = null; // a picture that was sent already is not sent again when the post itself failed

  function show() {
    sent = null;
    chosen.textContent = picker.files[0]?.name ?? "";
  }

  async function picture() {
    const [picked] = picker.files;
    if (!picked) return null;
    if (!TYPES.includes(picked.type)) throw new Failure("Choose a JPEG, PNG, WebP or GIF picture.", { field: "picture" });
    if (picked.size > MOST_BYTES) throw new Failure("The picture is over 5 MB.", { field: "picture" });
    if (sent) return sent;
    progress.hidden = false;
    try {
      sent = await api.upload(picked, (share) => (progress.value = share));
    } catch (failure) {
      throw new Failure(failure.message, { status: failure.status, field: "picture" });
    } finally {
      progress.hidden = true;
    }
    return sent;
  }

  async function post() {
    const words = text.input.value;
    if (!words.trim()) throw new Failure("Write something first.", { field: "text" });
    if ([...words].length > MOST_CHARS) throw new Failure("A post has at most 10,000 characters.", { field: "text" });
    const made = await api.post(words, await picture(), key);
    key = crypto.randomUUID();
    text.input.value = "";
    picker.value = "";
    show();
    recount();
    say("Posted.");
    onPosted(made);
  }

  function recount() {
    const length = [...text.input.value].length;
    count.textContent = length > MOST_CHARS * 0.9 ? `${length} of ${MOST_CHARS}` : "";
  }

  text.input.addEventListener("input", recount);
  return form("New post", fields, post, { submit: "Post", after: [file, chosen, count] });
}

function pictureField(input, progress, chosen) {
  const wrong = element("p", { className: "wrong inline", role: "alert" });
  return { row: element("div", {}, progress, wrong), input, wrong, chosen };
}
