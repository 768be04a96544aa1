// Which page is shown for which address.

import { logIn, signUp } from "./account.js";
import { api, session } from "./api.js";
import { composer } from "./compose.js";
import { element, field, form, once, say } from "./dom.js";
import { feed } from "./feed.js";

const main = document.getElementById("main");
let shown = 0; // the number of the page that is wanted: one that comes late does not replace it

async function show() {
  const address = decodeURIComponent(location.hash.slice(1) || "/");
  const wanted = ++shown;
  bar();
  if (address === "/sign-up") return signUp(main, { next: home });
  if (!session.handle || address === "/log-in") return logIn(main, { next: home });
  main.setAttribute("aria-busy", "true");
  try {
    const content = await (address.startsWith("/@") ? profile(address.slice(2)) : timeline());
    if (wanted === shown) main.replaceChildren(...content);
  } catch (failure) {
    if (wanted === shown) failed(failure);
  } finally {
    if (wanted === shown) main.removeAttribute("aria-busy");
  }
  return undefined;
}

function home() {
  if (location.hash === "#/") show();
  else location.hash = "#/";
}

function failed(failure) {
  if (failure.status === 401) {
    say(failure.message);
    bar();
    logIn(main, { next: show });
    return;
  }
  const again = element("button", { type: "button", onclick: show }, "Try again");
  main.replaceChildren(
    element("div", { className: "card", role: "alert" }, element("p", {}, failure.message), again),
  );
}

function bar() {
  const account = document.getElementById("account");
  const { handle } = session;
  if (!handle) {
    account.replaceChildren(element("a", { href: "#/log-in" }, "Log in"), element("a", { href: "#/sign-up" }, "Sign up"));
    return;
  }
  const leave = () => {
    session.end();
    location.hash = "#/log-in";
    show();
  };
  account.replaceChildren(
    element("a", { href: `#/@${handle}` }, `@${handle}`),
    element("button", { type: "button", className: "quiet", onclick: leave }, "Log out"),
  );
}

async function timeline() {
  const posts = await feed(api.timeline, "Nothing here yet. Write the first post, or follow somebody.");
  return [
    element("h1", {}, "Timeline"),
    composer((post) => posts.prepend(post)),
    find(),
    posts.view,
  ];
}

function find() {
  const name = field("Find somebody by name", "find", { autocapitalize: "none", autocomplete: "off" });
  const look = async () => {
    const handle = name.input.value.trim().replace(/^@/, "").toLowerCase();
    if (handle) await api.user(handle);
    if (handle) location.hash = `#/@${handle}`;
  };
  return form("Find somebody", { handle: name }, look, { submit: "Find" });
}

async function profile(handle) {
  const own = handle === session.handle;
  const [user, follows, posts] = await Promise.all([
    api.user(handle),
    own ? false : api.follows(handle),
    feed((before) => api.posts(handle, before), `@${handle} has not posted yet.`),
  ]);
  const counts = element("p", { className: "count" }, numbers(user));
  const card = element(
    "div",
    { className: "card row" },
    element("div", {}, element("h1", {}, `@${user.handle}`), counts),
    own ? null : element("div", { className: "end" }, toggle(handle, follows, counts)),
  );
  return [card, posts.view];
}

function numbers({ followers, following }) {
  return `${followers} ${followers === 1 ? "follower" : "followers"} · follows ${following}`;
}

// Follows or unfollows: the button says what it does next.
function toggle(handle, follows, counts) {
  const button = element("button", { type: "button" });
  const show = () => {
    button.textContent = follows ? "Unfollow" : "Follow";
    button.className = follows ? "quiet" : "";
  };
  const change = async () => {
    await (follows ? api.unfollow(handle) : api.follow(handle));
    follows = !follows;
    show();
    say(follows ? `You follow @${handle}.` : `You no longer follow @${handle}.`);
    counts.textContent = numbers(await api.user(handle));
  };
  button.addEventListener("click", () => once(button, () => change().catch((failure) => say(failure.message))));
  show();
  return button;
}

addEventListener("hashchange", async () => {
  await show();
  main.focus();
});
show();
