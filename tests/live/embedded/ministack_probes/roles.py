from __future__ import annotations

import io
import json
import zipfile

from groma.live.embedded import ACCOUNT_ID, Endpoints

CODE = "import os\ndef handler(event, context):\n    return os.environ['AWS_SESSION_TOKEN']\n"


def execution_role(aws: Endpoints) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("code.py", CODE)
    functions = aws.client("lambda")
    functions.create_function(
        FunctionName="who-am-i",
        Runtime="python3.11",
        Role=f"arn:aws:iam::{ACCOUNT_ID}:role/own",
        Handler="code.handler",
        Code={"ZipFile": buffer.getvalue()},
    )
    answer = functions.invoke(FunctionName="who-am-i", Payload=b"{}")
    assert json.loads(answer["Payload"].read()) == "groma-role/own/who-am-i"
