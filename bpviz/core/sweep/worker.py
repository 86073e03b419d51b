"""What a worker process does: it calls what it is sent, and sends back what that returns."""

from __future__ import annotations

import os
import pickle
import sys


def serve() -> None:
    """Answer the calls that come through standard input until it is closed.

    The first answer says that the worker is there. An error ends it.
    """
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a call prints must not come between the answers
    answer = None
    while True:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        try:
            function, arguments, keywords = pickle.load(calls)  # noqa: S301, from our own process
        except EOFError:
            return
        answer = function(*arguments, **keywords)
