"""HTTPS to the address that was checked: the certificate is that of the name."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_site import Site, crawl, documents, html

from connectors.errors import SourceError

HOSTS = {"allow_private_hosts": ("wiki.test", "other.test")}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for wiki.test, and its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    path = tmp_path / "wiki.pem"
    command = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        f"-subj /CN=wiki.test -addext subjectAltName=DNS:wiki.test -keyout {path}.key -out {path}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.key").read_bytes())
    return path


@pytest.fixture
def secure(site: Site, certificate: Path) -> Iterator[tuple[Site, list[str | None]]]:
    """The server behind TLS, and the names that its clients asked for."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    site.secure(context)
    site.pages["/"] = html("<p>The secure wiki</p>")
    yield site, names


def test_the_name_is_what_the_certificate_is_checked_for(
    secure: tuple[Site, list[str | None]],
    certificate: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site, names = secure
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr("connectors.web.fetch.trusted_certificates", lambda: trusting)
    start = f"https://wiki.test:{site.port}"
    items = crawl(start, tmp_path, lambda *_: ["127.0.0.1"], **HOSTS)
    assert documents(items)["/"].parts[0].text == "The secure wiki\n"
    assert set(names) == {"wiki.test"}
    site.asked.clear()
    with pytest.raises(SourceError, match="can't be reached"):
        crawl(f"https://other.test:{site.port}", tmp_path, lambda *_: ["127.0.0.1"], **HOSTS)
    assert site.asked == []


def test_an_unknown_authority_is_not_trusted(
    secure: tuple[Site, list[str | None]], tmp_path: Path
) -> None:
    site, _ = secure
    with pytest.raises(SourceError, match="can't be reached"):
        crawl(f"https://wiki.test:{site.port}", tmp_path, lambda *_: ["127.0.0.1"], **HOSTS)
    assert site.asked == []
