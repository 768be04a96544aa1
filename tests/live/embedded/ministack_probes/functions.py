from __future__ import annotations

import io
import json
import os
import zipfile

from probes.network import unique

from groma.live.embedded import ACCOUNT_ID, Endpoints

CODE = "import os\ndef handler(event, context):\n    return dict(os.environ), os.getcwd()\n"


def own_place(aws: Endpoints) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("code.py", CODE)
    functions, name = aws.client("lambda"), unique("where")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=f"arn:aws:iam::{ACCOUNT_ID}:role/own",
        Handler="code.handler",
        Code={"ZipFile": buffer.getvalue()},
        Environment={"Variables": {"TABLE": "one"}},
    )
    seen, folder = json.loads(functions.invoke(FunctionName=name, Payload=b"{}")["Payload"].read())
    assert (seen["TABLE"], seen["AWS_LAMBDA_FUNCTION_NAME"]) == ("one", name)
    assert seen["HOME"] != os.environ["HOME"]
    assert folder.startswith(seen["HOME"])
    assert not {"STATE_DIR", "PYTHONPATH", "GATEWAY_PORT"} & set(seen)
