"""Runs in moto's environment: its S3 behind a port, with users whose policies are enforced.

Standard input holds a line of JSON: `{"port", "bucket", "policies": {user: policy}}`; the answer is a line
with each user's access key. Without a policy anybody may do all, and has any key. Later lines change
`{"ahead_s": seconds}` that the server's clock is ahead, and the users whose credentials have
`{"expired": [...]}`; each is answered by an empty line. The end of the input ends the server.

What moto leaves out and S3 does: a put on the condition that nothing is there is one step, a policy's
condition `s3:prefix` counts, keys deleted by one request are allowed or not key by key, clocks are compared.
"""

from __future__ import annotations

import fnmatch
import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import xmltodict  # type: ignore[import-untyped,import-not-found,unused-ignore]
from moto import settings  # type: ignore[import-not-found]
from moto.iam import access_control, iam_backends  # type: ignore[import-not-found]
from moto.moto_server.werkzeug_app import (  # type: ignore[import-not-found]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.s3 import s3_backends  # type: ignore[import-not-found]
from moto.s3.responses import S3Response  # type: ignore[import-not-found]
from werkzeug.exceptions import HTTPException  # type: ignore[import-not-found,unused-ignore]
from werkzeug.serving import make_server  # type: ignore[import-not-found,unused-ignore]
from werkzeug.wrappers import Response  # type: ignore[import-not-found,unused-ignore]

ACCOUNT = "123456789012"
REGION = "us-east-1"
MOST_SKEW = timedelta(minutes=15)
"""Between the clocks of a request and of S3."""

state: dict[str, Any] = {"ahead_s": 0, "expired": []}
asked = threading.local()
"""The prefix that the request at hand asks to list."""


def one_step(put: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Looking whether an object is there and putting it, with nobody in between."""
    lock = threading.Lock()

    def locked(response: Any) -> Any:
        with lock:
            return put(response)

    return locked


def refuse(status: int, code: str, message: str) -> NoReturn:
    """Answer with an error as S3 writes it."""
    text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    raise HTTPException(response=Response(text, status, content_type="application/xml"))


def check_signature(request: Any) -> None:
    """The clock and the credentials' end besides the signature."""
    sent = datetime.strptime(request._headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    now = datetime.now(UTC) + timedelta(seconds=state["ahead_s"])
    if abs(now - sent) > MOST_SKEW:
        refuse(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is large.",
        )
    if request._access_key._owner_user_name in state["expired"]:
        refuse(400, "ExpiredToken", "The provided token has expired.")
    signed_alone(request)
    asked.prefix = parse_qs(urlsplit(request._path).query).get("prefix", [""])[0]


def conditions_hold(statement: Any, _values: Any) -> bool:
    """Whether the prefix that is listed is one of the statement's."""
    wanted = statement._statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix")
    if wanted is None:
        return True
    patterns = [wanted] if isinstance(wanted, str) else wanted
    return any(fnmatch.fnmatchcase(asked.prefix, pattern) for pattern in patterns)


def delete_many(response: Any, bucket_name: str, authenticated: bool = True) -> Any:
    """Delete by one request what may be deleted one by one."""
    objects = xmltodict.parse(response.body, strip_whitespace=False)["Delete"]["Object"]
    for each in objects if isinstance(objects, list) else [objects]:
        response._authenticate_and_authorize_s3_action(bucket_name=bucket_name, key_name=each["Key"])
    return many_deleted(response, bucket_name, True)


signed_alone = access_control.IAMRequestBase.check_signature
many_deleted = S3Response._bucket_response_delete_keys
access_control.IAMRequestBase.check_signature = check_signature
access_control.IAMPolicyStatement._check_conditions = conditions_hold
S3Response._bucket_response_delete_keys = delete_many
S3Response.put_object = one_step(S3Response.put_object)


def user(name: str, policy: object) -> dict[str, str]:
    """A new user's access key."""
    iam = iam_backends[ACCOUNT]["aws"]
    iam.create_user(REGION, name)
    iam.put_user_policy(name, "store", json.dumps(policy))
    key = iam.create_access_key(name)
    return {"id": key.access_key_id, "secret": key.secret_access_key}


def main() -> None:
    """Serve until the input ends."""
    wanted = json.loads(sys.stdin.readline())
    os.environ["MOTO_PORT"] = str(wanted["port"])
    s3_backends[ACCOUNT]["aws"].create_bucket(wanted["bucket"], REGION)
    keys = {name: user(name, policy) for name, policy in wanted["policies"].items()}
    if keys:
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", wanted["port"], application, threaded=True, request_handler=MotoRequestHandler
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(keys), flush=True)
    for line in sys.stdin:
        state.update(json.loads(line))
        print(flush=True)


if __name__ == "__main__":
    main()
