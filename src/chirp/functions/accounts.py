"""Accounts: Cognito keeps passwords, addresses and codes; the table keeps who there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from botocore.exceptions import ClientError

from chirp.functions import table
from chirp.functions.table import Cancelled, Store
from chirp.social.errors import (
    Conflict,
    Invalid,
    SocialError,
    TooMany,
    Unauthorised,
    Unavailable,
    Unconfirmed,
)
from chirp.social.model import Session

_TOO_MANY = "too many attempts; try again later"
_WRONG_LOGIN = "handle or password is wrong"
_WRONG_CODE = "is not the code that was mailed, or is too old"

REFUSALS: dict[str, Callable[[], SocialError]] = {
    "CodeDeliveryFailureException": lambda: Unavailable("the code could not be mailed; try again later"),
    "CodeMismatchException": lambda: Invalid(_WRONG_CODE, field="code"),
    "ExpiredCodeException": lambda: Invalid(_WRONG_CODE, field="code"),
    "InvalidPasswordException": lambda: Invalid("is not strong enough", field="password"),
    "LimitExceededException": lambda: TooMany(_TOO_MANY, retry_after_s=60),
    "NotAuthorizedException": lambda: Unauthorised(_WRONG_LOGIN),
    "PasswordResetRequiredException": lambda: Unauthorised(_WRONG_LOGIN),
    "TooManyFailedAttemptsException": lambda: TooMany(_TOO_MANY, retry_after_s=60),
    "TooManyRequestsException": lambda: TooMany(_TOO_MANY),
    "UserNotConfirmedException": lambda: Unconfirmed("the account waits for the code that was mailed"),
    "UsernameExistsException": lambda: Conflict("is taken", field="handle"),
}
"""Cognito's errors → what the application says, unless a method says otherwise.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
"""

_NOBODY_WAITS = ("InvalidParameterException", "NotAuthorizedException", "UserNotFoundException")
"""Cognito's answers when asked for a code of an account that is confirmed, disabled or not there."""


@dataclass(frozen=True)
class CognitoAccounts:
    """The port `Accounts`.

    Attributes:
        cognito: a client of the user pools.
        client_id: the pool's client for this application: without a secret, with `USER_PASSWORD_AUTH`.
    """

    cognito: Any
    client_id: str
    store: Store

    def sign_up(self, handle: str, email: str, password: str) -> bool:
        """Open an account; Cognito mails the code."""
        answer = self._call(
            "sign_up",
            Username=handle,
            Password=password,
            UserAttributes=[{"Name": "email", "Value": email}],
        )
        if answer["UserConfirmed"]:
            self._open(handle)
        return not answer["UserConfirmed"]

    def confirm(self, handle: str, code: str) -> None:
        """Confirm an account, and let it be found."""
        try:
            self.cognito.confirm_sign_up(ClientId=self.client_id, Username=handle, ConfirmationCode=code)
        except ClientError as error:
            name = _code(error)
            if name in ("UserNotFoundException", "InvalidParameterException"):
                raise Invalid(_WRONG_CODE, field="code") from None
            if name != "NotAuthorizedException":
                _refuse(error)
            if "CONFIRMED" not in error.response["Error"].get("Message", ""):
                raise Invalid(_WRONG_CODE, field="code") from None
        self._open(handle)

    def send_code_again(self, handle: str) -> None:
        """Have Cognito mail a new code; no answer tells an unknown account from a confirmed one."""
        try:
            self.cognito.resend_confirmation_code(ClientId=self.client_id, Username=handle)
        except ClientError as error:
            if _code(error) not in _NOBODY_WAITS:
                _refuse(error)

    def log_in(self, handle: str, password: str) -> Session:
        """Open a session: its token is Cognito's access token, which the gateway's authorizer checks."""
        if not password:
            raise Unauthorised(_WRONG_LOGIN)
        try:
            answer = self._call(
                "initiate_auth",
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": handle, "PASSWORD": password},
            )
        except Invalid:
            raise Unauthorised(_WRONG_LOGIN) from None
        result = answer.get("AuthenticationResult")
        if result is None:
            raise Unauthorised("the account asks for a step that this application does not have")
        if self.store.get((f"account#{handle}", "account")) is None:
            self._open(handle)  # confirmed elsewhere, or the function ended before it was kept
        return Session(result["AccessToken"], result["ExpiresIn"])

    def who(self, token: str) -> str:
        """Nobody: a token that the gateway's authorizer has not vouched for is worth nothing here."""
        raise Unauthorised("log in first")

    def _open(self, handle: str) -> None:
        """Keep that there is this person; one who is kept already stays as they are."""
        pk, fresh = f"account#{handle}", "attribute_not_exists(pk)"
        account = {"pk": pk, "sk": "account", "created_ms": self.store.now_ms}
        counts = {"pk": pk, "sk": "counts", "followers": 0, "following": 0}
        try:
            self.store.transact([table.put(account, fresh), table.put(counts, fresh)])
        except Cancelled:
            return

    def _call(self, operation: str, **arguments: Any) -> Any:
        try:
            return getattr(self.cognito, operation)(ClientId=self.client_id, **arguments)
        except ClientError as error:
            _refuse(error)


def _refuse(error: ClientError) -> NoReturn:
    """Say Cognito's refusal in the application's words; what is no refusal escapes."""
    name, message = _code(error), error.response["Error"].get("Message", "")
    if name == "NotAuthorizedException" and "attempts exceeded" in message.lower():
        name = "TooManyFailedAttemptsException"
    if name == "UserNotFoundException":
        name = "NotAuthorizedException"
    if name == "InvalidParameterException":
        field = "password" if "password" in message.lower() else "email"
        raise Invalid("is not accepted", field=field) from None
    if name not in REFUSALS:
        raise error
    raise REFUSALS[name]() from None


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
