// Elements from code: text is always text, never markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => {
    if (value === null || value === undefined || value === false) return;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  });
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A labelled input with a place for what is wrong with it, announced when it appears.
export function field(label, name, attributes = {}, hint = "", tag = "input") {
  const wrong = element("p", { className: "wrong inline", id: `${name}-wrong`, role: "alert" });
  const hinted = hint ? element("p", { className: "hint", id: `${name}-hint` }, hint) : null;
  const described = [hint && `${name}-hint`, `${name}-wrong`].filter(Boolean).join(" ");
  const input = element(tag, { id: name, name, "aria-describedby": described, ...attributes });
  const row = element("div", { className: "field" }, element("label", { htmlFor: name }, label), input, hinted, wrong);
  return { row, input, wrong };
}

// Runs what a form does once at a time, and tells failures beside the input they are about.
export function form(title, fields, action, { submit, after = [] }) {
  const general = element("p", { className: "wrong", role: "alert", hidden: true });
  const button = element("button", { type: "submit" }, submit);
  const made = element(
    "form",
    { className: "card", noValidate: true, "aria-label": title },
    ...Object.values(fields).map(({ row }) => row),
    general,
    element("div", { className: "row" }, button, ...after),
  );
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    await once(button, async () => {
      clear(fields, general);
      try {
        await action();
      } catch (failure) {
        tell(fields, general, failure);
      }
    });
  });
  return made;
}

// Runs one thing at a time for a button: a second click while it runs does nothing.
export async function once(button, action) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await action();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

function clear(fields, general) {
  general.hidden = true;
  Object.values(fields).forEach(({ input, wrong }) => {
    wrong.textContent = "";
    input.removeAttribute("aria-invalid");
  });
}

function tell(fields, general, failure) {
  const about = fields[failure.field];
  if (about) {
    about.wrong.textContent = failure.message;
    about.input.setAttribute("aria-invalid", "true");
    about.input.focus();
  } else {
    general.textContent = failure.message;
    general.hidden = false;
  }
}

let silence = 0;

// Says something in passing, aloud for screen readers.
export function say(text) {
  const toast = document.getElementById("said");
  toast.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (toast.textContent = ""), 5000);
}
