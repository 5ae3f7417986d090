#!/usr/bin/python3
"""Anonymizes a folder by Orthanc, which is started on loopback for it, and maps each input to its output.

    orthanc.py --in DIR --out DIR --map MAP.json --shim loopback.c

All patients go in one bulk job, so that Orthanc keeps what belongs together (its REST API, /tools/bulk-anonymize).
An input that Orthanc does not take, or makes nothing of, is mapped to null.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def call(url: str, data: bytes | None = None) -> bytes:
    """Makes one call. Raises urllib.error.HTTPError if it is not answered with success."""
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=900) as answer:
        return bytes(answer.read())


def local(port: int) -> bool:
    """Whether whoever listens at a port does so on loopback alone."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text("ascii").splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            if state == "0A" and address.endswith(f":{port:04X}") and not address.split(":")[0].strip("0"):
                return False
    return True


@contextmanager
def running(shim: Path) -> Iterator[str]:
    """Runs Orthanc with a store of its own and yields its address."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", str(folder / "loopback.so"), str(shim), "-ldl"], check=True, timeout=60)
        config = {"StorageDirectory": name + "/db", "IndexDirectory": name + "/db", "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
                  "HttpPort": port, "DicomServerEnabled": False, "StorageCompression": False, "ConcurrentJobs": 2, "Plugins": []}
        (folder / "orthanc.json").write_text(json.dumps(config), "ascii")
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log, env=os.environ | {"LD_PRELOAD": str(folder / "loopback.so")})
            try:
                await_port(port, process)
                if not local(port):
                    raise RuntimeError("orthanc listens beyond loopback")
                yield f"http://127.0.0.1:{port}"
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Waits until somebody listens."""
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("orthanc ended")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("orthanc does not listen")


def upload(url: str, source: Path) -> dict[str, str]:
    """Stores each file and returns the input's name of each instance."""
    names = {}
    for path in sorted(source.iterdir()):
        try:
            names[json.loads(call(url + "/instances", path.read_bytes()))["ID"]] = path.name
        except urllib.error.HTTPError:
            continue
    return names


def anonymize(url: str, source: Path, out: Path) -> dict[str, str | None]:
    """Anonymizes all, and writes what was made of each."""
    made: dict[str, str | None] = {path.name: None for path in source.iterdir()}
    names = upload(url, source)
    before: list[str] = json.loads(call(url + "/patients"))
    job: dict[str, Any] = {"Resources": before, "Permissive": True, "Synchronous": True, "KeepSource": True}
    call(url + "/tools/bulk-anonymize", json.dumps(job).encode())
    for instance in json.loads(call(url + "/instances")):
        if instance in names:
            continue
        name = names[call(f"{url}/instances/{instance}/metadata/AnonymizedFrom").decode()]
        (out / name).write_bytes(call(f"{url}/instances/{instance}/file"))
        made[name] = str(out / name)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--in", dest="source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--map", type=Path, required=True)
    parser.add_argument("--shim", type=Path, required=True, help="the source of a library that binds to loopback whatever is bound")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with running(options.shim) as url:
        options.map.write_text(json.dumps(anonymize(url, options.source, options.out)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
