// Sign-up, the code that was mailed, and login.

import { api, session } from "./api.js";
import { element, field, form, once, say } from "./dom.js";

const HANDLE = "3–30 small letters, digits or _";

export function logIn(main, { handle = "", next }) {
  const fields = {
    handle: field("Name", "handle", { autocomplete: "username", autocapitalize: "none", value: handle }),
    password: field("Password", "password", { type: "password", autocomplete: "current-password" }),
  };
  const enter = async () => {
    const name = fields.handle.input.value.trim().toLowerCase();
    const password = fields.password.input.value;
    try {
      await begin(name, password, next);
    } catch (failure) {
      if (!failure.confirm) throw failure;
      confirm(main, { handle: name, password, next });
    }
  };
  const other = element("a", { href: "#/sign-up" }, "Sign up");
  page(main, "Log in", form("Log in", fields, enter, { submit: "Log in", after: [other] }));
}

export function signUp(main, { next }) {
  const fields = {
    handle: field("Name", "handle", { autocomplete: "username", autocapitalize: "none", maxLength: 30 }, HANDLE),
    email: field("E-mail", "email", { type: "email", autocomplete: "email" }),
    password: field(
      "Password", "password", { type: "password", autocomplete: "new-password" },
      "10 characters or more",
    ),
  };
  const enter = async () => {
    const handle = fields.handle.input.value.trim().toLowerCase();
    const password = fields.password.input.value;
    const made = await api.signUp(handle, fields.email.input.value.trim(), password);
    if (made.confirm) confirm(main, { handle, password, next });
    else await begin(handle, password, next);
  };
  const other = element("a", { href: "#/log-in" }, "Log in");
  page(main, "Sign up", form("Sign up", fields, enter, { submit: "Sign up", after: [other] }));
}

function confirm(main, { handle, password, next }) {
  const fields = {
    code: field(
      "Code", "code", { inputMode: "numeric", autocomplete: "one-time-code" },
      "We have mailed you a code; it may take a minute.",
    ),
  };
  const enter = async () => {
    await api.confirm(handle, fields.code.input.value.trim());
    await begin(handle, password, next);
  };
  const again = element("button", { type: "button", className: "quiet" }, "Send the code again");
  again.addEventListener("click", () =>
    once(again, async () => {
      try {
        await api.sendCodeAgain(handle);
        say("A new code is on its way. Only the newest one counts.");
      } catch (failure) {
        say(failure.message);
      }
      fields.code.input.focus();
    }),
  );
  const filled = form("Confirm", fields, enter, { submit: "Confirm", after: [again] });
  page(main, "Confirm your e-mail address", filled);
  fields.code.input.focus();
}

async function begin(handle, password, next) {
  const { token } = await api.logIn(handle, password);
  session.begin(token, handle);
  next();
}

function page(main, title, content) {
  main.replaceChildren(element("div", { className: "narrow" }, element("h1", {}, title), content));
}
