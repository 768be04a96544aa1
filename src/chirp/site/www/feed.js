// Lists of posts, with more of them on demand.

import { element, once, say } from "./dom.js";

const FOLDED_CHARS = 1500;
const PICTURE_ATTEMPTS = 6;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

// load(before) gives {posts, next}. The first page is there when the promise is.
export async function feed(load, nothing) {
  const list = element("ul", { className: "feed" });
  const more = element("button", { type: "button", className: "quiet" }, "Load more");
  const foot = element("p", { className: "more", hidden: true }, more);
  const empty = element("p", { className: "empty", hidden: true }, nothing);
  let next = null;

  async function add() {
    const page = await load(next);
    const first = page.posts.map((post) => list.appendChild(item(post)))[0];
    next = page.next;
    foot.hidden = next === null;
    empty.hidden = list.childElementCount > 0;
    return first;
  }

  more.addEventListener("click", () =>
    once(more, async () => {
      try {
        (await add())?.querySelector("a").focus();
      } catch (failure) {
        say(failure.message);
      }
    }),
  );
  await add();
  const prepend = (post) => {
    list.prepend(item(post));
    empty.hidden = true;
  };
  return { view: element("section", { "aria-label": "Posts" }, list, empty, foot), prepend };
}

function item(post) {
  const time = new Date(post.created_ms);
  return element(
    "li",
    {},
    element(
      "article",
      { className: "card post" },
      element(
        "header",
        {},
        element("a", { className: "author", href: `#/@${encodeURIComponent(post.author)}` }, `@${post.author}`),
        element("time", { dateTime: time.toISOString() }, when.format(time)),
      ),
      ...words(post.text),
      post.picture ? picture(post.picture, post.author) : null,
    ),
  );
}

function words(text) {
  const shown = element("p", { className: "text" }, text);
  if (text.length <= FOLDED_CHARS) return [shown];
  shown.classList.add("folded");
  const unfold = element("button", { type: "button", className: "quiet" }, "Show all");
  unfold.addEventListener("click", () => {
    shown.classList.remove("folded");
    unfold.remove();
  });
  return [shown, unfold];
}

// A picture may be a moment later than its post: ask again, less and less often.
function picture({ url, thumbnail }, author) {
  const image = element("img", { alt: `Picture by @${author}`, loading: "lazy" });
  let attempt = 0;
  image.addEventListener("error", () => {
    attempt += 1;
    if (attempt < PICTURE_ATTEMPTS) setTimeout(() => (image.src = `${url}?again=${attempt}`), 500 * 2 ** attempt);
    else image.remove();
  });
  image.src = thumbnail ?? url;
  return element("a", { href: url }, image);
}
