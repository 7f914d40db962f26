"""A headless Chromium, spoken to in the DevTools protocol through pipes.

https://chromedevtools.github.io/devtools-protocol/: messages are JSON that ends
in a zero byte; the browser reads them from file 3 and writes to file 4.
"""

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Browser:
    """Opens one page at a time. To be used in a with statement."""

    def __init__(self, program, seconds=60):
        self.deadline = time.monotonic() + seconds
        self.folder = tempfile.mkdtemp(prefix="quantcc-browser-")
        self.number, self.session, self.rest = 0, None, b""
        self.events = []
        # Away from the numbers that the browser's own ends get.
        pipes = [fcntl.fcntl(end, fcntl.F_DUPFD, 10)
                 for end in (*os.pipe(), *os.pipe())]
        reads, self.to_browser, self.from_browser, writes = pipes

        def take_ends():
            os.dup2(reads, 3)
            os.dup2(writes, 4)

        # Its sandbox needs rights that a container may not have; the pages are
        # our own.
        self.process = subprocess.Popen(
            [program, "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder}", "about:blank"],
            preexec_fn=take_ends, pass_fds=(3, 4),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)

    def __enter__(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.rest:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_browser], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            data = os.read(self.from_browser, 1 << 16)
            if not data:
                raise EOFError("the browser ended")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event["method"] == method for event in self.events):
            self.events.append(self.receive())

    def show(self, path, width, scheme):
        """Opens the file `path` on a screen of `width`, light or dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=844,
                  deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setTouchEmulationEnabled", enabled=width < 500)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}])
        self.events = []
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait_for("Page.loadEventFired")

    def evaluate(self, script):
        answer = self.call("Runtime.evaluate", expression=script,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def point_at(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def tap(self, x, y):
        self.call("Input.dispatchTouchEvent", type="touchStart",
                  touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def complaints(self):
        """Errors of the page, and what it fetched beside itself."""
        found = [str(event["params"]) for event in self.events
                 if event["method"] in ("Runtime.exceptionThrown",
                                        "Runtime.consoleAPICalled",
                                        "Log.entryAdded")]
        requests = [event["params"]["request"]["url"] for event in self.events
                    if event["method"] == "Network.requestWillBeSent"]
        return found + requests[1:]
