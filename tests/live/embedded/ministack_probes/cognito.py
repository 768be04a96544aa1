from __future__ import annotations

from probes.network import unique

from groma.live.embedded import Endpoints


def filter_by_status(aws: Endpoints) -> None:
    cognito = aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=unique("pool"))["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="web")["UserPoolClient"]["ClientId"]
    for name in ("one", "two"):
        cognito.sign_up(ClientId=client, Username=name, Password="Correct-horse-9")
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username="two")
    found = cognito.list_users(UserPoolId=pool, Filter='cognito:user_status = "UNCONFIRMED"')["Users"]
    assert [user["Username"] for user in found] == ["one"]
