"""Starts and stops real OpenSearch nodes for tests: Maven brings the jars, Java runs each node.

Needs Debian's default-jre-headless and maven. Only the standard library, so that the scripts beside
it run with any Python.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import running

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "opensearch"
JARS = CACHE / "lib"
RUN = CACHE / "run"
HTTP_PORT = 9251
MISSING = "apt-get install default-jre-headless maven"
PATIENCE = 240
"""Seconds that a node may take to come up, on a machine that is busy with other things."""


class NotStartedError(RuntimeError):
    """A node did not come up; says what its log says."""


def bring_jars() -> None:
    """Have Maven bring the jars, unless all of them are there."""
    done = JARS / ".complete"
    wanted = (HERE / "pom.xml").read_text(encoding="utf-8")
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NotStartedError(f"There is no {program}; install it with: {MISSING}")
    shutil.rmtree(JARS, ignore_errors=True)
    JARS.mkdir(parents=True)
    subprocess.run(
        [
            *("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-DoutputDirectory={JARS}"),
        ],
        check=True,
        stdout=sys.stderr,
        timeout=900,
    )
    done.write_text(wanted, encoding="utf-8")


@dataclass
class Node:
    """One node, a process of its own; `peers` are the transport ports of the whole cluster."""

    directory: Path
    http_port: int
    transport_port: int
    peers: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.http_port}"

    def start(self) -> None:
        """Start it, without waiting for it to come up."""
        self._configure()
        with (self.directory / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *("java", "-Xms512m", "-Xmx1g", "-cp", f"{JARS}/*"),
                    "org.codelibs.opensearch.runner.OpenSearchRunner",
                    *("-basePath", str(self.directory), "-numOfNode", "1"),
                    *("-baseHttpPort", str(self.http_port - 1), "-clusterName", "slugline-tests"),
                    "-disableESLogger",
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _configure(self) -> None:
        config = self.directory / "node_1" / "config" / "opensearch.yml"
        config.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            "network.host: 127.0.0.1",
            f"transport.port: {self.transport_port}",
            # A disk that is nearly full is no reason for a test to stop.
            "cluster.routing.allocation.disk.threshold_enabled: false",
        ]
        if self.peers:
            # By address: every node calls itself "Node 1".
            addresses = ", ".join(f'"127.0.0.1:{port}"' for port in self.peers)
            lines += [
                f"discovery.seed_hosts: [{addresses}]",
                f"cluster.initial_cluster_manager_nodes: [{addresses}]",
            ]
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def wait(self, nodes: int = 1) -> None:
        """Wait until it is green with so many nodes; raises `NotStartedError`."""
        last = time.monotonic() + PATIENCE
        asked = f"{self.url}/_cluster/health?wait_for_status=green&wait_for_nodes={nodes}"
        while time.monotonic() < last:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{asked}&timeout=5s", timeout=10) as answer:  # noqa: S310 - our own address
                    if not json.load(answer)["timed_out"]:
                        return
            except (OSError, ValueError):
                time.sleep(0.5)
        said = (self.directory / "output").read_text(encoding="utf-8", errors="replace")
        raise NotStartedError(f"OpenSearch at {self.url} did not come up:\n{said[-3000:]}")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def cluster(directory: Path, size: int = 3, first_port: int = 9261) -> Iterator[list[Node]]:
    """Run a cluster of some nodes, green; whatever happens, all of them are ended."""
    bring_jars()
    transport = tuple(first_port + 100 + number for number in range(size))
    nodes = [
        Node(directory / f"{number}", first_port + number * 10, port, transport)
        for number, port in enumerate(transport)
    ]
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.wait(size)
        yield nodes
    finally:
        for node in nodes:
            node.kill()


def _running() -> int | None:
    """Return the process that `start` started, if it still is that one."""
    return running(RUN / "pid", RUN)


def start() -> None:
    """Start the node that tests share, and say what names it to them."""
    node = Node(RUN, HTTP_PORT, HTTP_PORT + 100)
    if _running() is None:
        bring_jars()
        shutil.rmtree(RUN, ignore_errors=True)
        RUN.mkdir(parents=True)
        node.start()
        assert node.process is not None
        (RUN / "pid").write_text(str(node.process.pid), encoding="utf-8")
    try:
        node.wait()
    except NotStartedError:
        stop()
        raise
    print(f"export SLUGLINE_TEST_OPENSEARCH={node.url}")  # noqa: T201 - this is its result


def stop() -> None:
    """Stop the node that tests share, and remove what it kept."""
    number = _running()
    if number is not None:
        os.kill(number, signal.SIGTERM)
        last = time.monotonic() + 30
        while _running() is not None:
            if time.monotonic() > last:
                os.kill(number, signal.SIGKILL)
            time.sleep(0.2)
    shutil.rmtree(RUN, ignore_errors=True)


if __name__ == "__main__":
    try:
        {"start": start, "stop": stop}[sys.argv[1]]()
    except NotStartedError as error:
        sys.exit(str(error))
