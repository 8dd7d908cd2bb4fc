"""Makes Debian packages of the bundles that PyInstaller made.

    python -m installers.linux.deb desktop|server [--version VERSION] [--bundles build/bundle] [--out dist]

Each has its bundle below /usr/lib, a link to its program in /usr/bin, and manual pages. The desktop's has what menus
show of it; the server's the units of installers/server, with a user, settings and a secret of their own.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from importlib.metadata import version as version_of
from pathlib import Path

import click
from click_man.core import write_man_pages

from desktop.cli import chartdrop
from syncserver.cli import chartdrop_server

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_SERVER = ROOT / "installers" / "server"
_UNITS = sorted((_SERVER / "systemd").iterdir())
_MAINTAINER = "The Chartdrop developers <developers@chartdrop.invalid>"
_METAINFO = "org.chartdrop.desktop.metainfo.xml"
_DEFAULT_EPOCH = 1_767_225_600  # 2026-01-01, where SOURCE_DATE_EPOCH does not say when it was built


@dataclass(frozen=True, slots=True)
class Product:
    """What one package is. Files of `files` go where the left side says, below the root of the system."""

    package: str
    summary: str
    description: str
    depends: str
    recommends: str
    section: str
    commands: click.Command
    files: dict[str, Path]
    settings: tuple[str, ...] = ()
    """Files that an administrator may change: they survive an upgrade."""
    scripts: tuple[Path, ...] = ()


# What PyInstaller leaves to the system: the C library, and what belongs to the graphics driver and the display.
_LIBC = "libc6 (>= 2.36)"
DESKTOP = Product(
    package="chartdrop",
    summary="reads a clinic's paper on the clinic's own machines",
    description="Watches a folder for scans and faxes, reads every page on the machine itself,\n"
    " finds the fields of medical forms, and keeps everything in an encrypted\n"
    " store where staff review it. No cloud; where there is a network, it syncs\n"
    " with a server of the clinic's own.",
    depends=f"{_LIBC}, libegl1, libgl1, libxcb1, libwayland-client0, libwayland-cursor0, libwayland-egl1",
    recommends="poppler-utils, gnome-keyring | kwalletmanager | keepassxc, xdg-utils",
    section="graphics",
    commands=chartdrop,
    files={
        "usr/share/applications/chartdrop.desktop": _HERE / "desktop" / "chartdrop.desktop",
        f"usr/share/metainfo/{_METAINFO}": _HERE / "desktop" / _METAINFO,
        "usr/share/icons/hicolor/scalable/apps/chartdrop.svg": ROOT / "installers" / "icon" / "chartdrop.svg",
        "usr/share/icons/hicolor/512x512/apps/chartdrop.png": ROOT / "installers" / "icon" / "chartdrop.png",
    },
)
SERVER = Product(
    package="chartdrop-server",
    summary="sync server of Chartdrop: accounts, jobs, audit",
    description="Takes in what Chartdrop's desktops read, reads what is sent to it by its API,\n"
    " and keeps it sealed, with accounts, API keys, webhooks and a tamper-evident\n"
    " audit log. Needs nothing beside it; PostgreSQL, Redis and S3 make the same\n"
    " server large.",
    depends=f"{_LIBC}, libegl1, libgl1, libxcb1, passwd",
    recommends="poppler-utils, dbus",  # by the bus, as-chartdrop asks systemd
    section="net",
    commands=chartdrop_server,
    files={
        **{f"lib/systemd/system/{unit.name}": unit for unit in _UNITS},
        "etc/chartdrop/chartdrop-server.env": _SERVER / "chartdrop-server.env",
        "usr/sbin/as-chartdrop": _SERVER / "as-chartdrop.sh",
        "usr/share/doc/chartdrop-server/RUNBOOK.md": _SERVER / "RUNBOOK.md",
    },
    settings=("/etc/chartdrop/chartdrop-server.env",),
    scripts=tuple(_HERE / "server" / name for name in ("postinst", "prerm", "postrm")),
)
PRODUCTS = {"desktop": DESKTOP, "server": SERVER}


def make_package(product: Product, bundle: Path, out: Path, version: str) -> Path:
    """The package of `bundle`, as a file in `out`; the same, to the byte, for the same bundle and SOURCE_DATE_EPOCH."""
    tree = ROOT / "build" / "deb" / product.package
    shutil.rmtree(tree, ignore_errors=True)
    _put_program(product, bundle, tree)
    _put_documents(product, bundle, tree, version)
    for place, source in product.files.items():
        _put(tree / place, source.read_bytes())
        shutil.copymode(source, tree / place)
    _put_control(product, tree, version)
    _settle_modes(tree, product.settings)
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{product.package}_{version}_{_architecture()}.deb"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(_epoch())}
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--build", str(tree), str(package)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return package


def _put_program(product: Product, bundle: Path, tree: Path) -> None:
    home = tree / "usr" / "lib" / product.package
    home.parent.mkdir(parents=True)
    shutil.copytree(bundle, home, symlinks=True, copy_function=_link_or_copy)
    (tree / "usr" / "bin").mkdir(parents=True)
    (tree / "usr" / "bin" / product.package).symlink_to(f"../lib/{product.package}/{product.package}")


def _link_or_copy(source: str, target: str) -> None:
    """Half a gigabyte need not be copied to be packed; the bundle's own modes are settled with it, which is no harm."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system
        shutil.copy2(source, target, follow_symlinks=False)


def _put_documents(product: Product, bundle: Path, tree: Path, version: str) -> None:
    documents = tree / "usr" / "share" / "doc" / product.package
    licence = (ROOT / "LICENSE").read_text("utf-8")
    parts = next(bundle.rglob("LICENCES.txt")).read_text("utf-8")
    _put(documents / "copyright", f"Copyright: the Chartdrop developers\n\n{licence}\n\n{parts}".encode())
    _put(documents / "NEWS.gz", _packed((ROOT / "CHANGELOG.md").read_bytes()))
    _put(documents / "changelog.gz", _packed(_changelog(product, version)))
    pages = tree / "usr" / "share" / "man" / "man1"
    pages.mkdir(parents=True)
    write_man_pages(product.package, product.commands, version=version, target_dir=str(pages))
    for page in list(pages.iterdir()):
        _put(pages / f"{page.name}.gz", _packed(page.read_bytes()))
        page.unlink()
    _put(tree / "usr" / "share" / "lintian" / "overrides" / product.package, _overrides(product))


def _changelog(product: Product, version: str) -> bytes:
    """Debian's own form, which says where the real one is."""
    built = format_datetime(datetime.fromtimestamp(_epoch(), UTC))
    entry = f"{product.package} ({version}) stable; urgency=medium\n\n  * What changed stands in NEWS.gz.\n"
    return f"{entry}\n -- {_MAINTAINER}  {built}\n".encode()


def _epoch() -> int:
    """When it was built: seconds since 1970."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", _DEFAULT_EPOCH))


def _overrides(product: Product) -> bytes:
    """A bundle brings its libraries along on purpose: what is tested together is shipped together."""
    tags = (_HERE / "lintian-overrides").read_text("utf-8").splitlines()
    return "".join(f"{product.package}: {tag}\n" for tag in tags if tag and not tag.startswith("#")).encode()


def _put_control(product: Product, tree: Path, version: str) -> None:
    files = [path for path in _files(tree) if not path.is_symlink()]
    size = sum(path.stat().st_size for path in files) // 1024
    fields = {
        "Package": product.package,
        "Version": version,
        "Architecture": _architecture(),
        "Maintainer": _MAINTAINER,
        "Installed-Size": str(size),
        "Depends": product.depends,
        "Recommends": product.recommends,
        "Section": product.section,
        "Priority": "optional",
        "Description": f"{product.summary}\n {product.description}",
    }
    control = tree / "DEBIAN"
    names = {f"/{path.relative_to(tree)}": path for path in files}
    sums = "".join(f"{_md5(path)}  {name[1:]}\n" for name, path in names.items() if name not in product.settings)
    _put(control / "control", "".join(f"{name}: {value}\n" for name, value in fields.items()).encode())
    _put(control / "md5sums", sums.encode())
    if product.settings:
        _put(control / "conffiles", "".join(f"{path}\n" for path in product.settings).encode())
    for script in product.scripts:
        _put(control / script.name, script.read_bytes())
        (control / script.name).chmod(0o755)


def _settle_modes(tree: Path, settings: tuple[str, ...]) -> None:
    """Whatever the builder's umask was: programs may be run, all may be read, settings by their owner alone."""
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or (os.access(path, os.X_OK) and ".so" not in path.name)
            path.chmod(0o755 if runs else 0o644)
    for place in settings:
        (tree / place.lstrip("/")).chmod(0o640)


def _files(tree: Path) -> Iterator[Path]:
    return (path for path in sorted(tree.rglob("*")) if path.is_file())


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _architecture() -> str:
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return asked.stdout.strip()


def main() -> None:
    """Makes the packages that the command line asks for, and prints where they are."""
    parser = argparse.ArgumentParser(description="Debian packages of the bundles.")
    parser.add_argument("product", choices=sorted(PRODUCTS))
    parser.add_argument("--version", default=version_of("chartdrop"))
    parser.add_argument("--bundles", type=Path, default=ROOT / "build" / "bundle")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    asked = parser.parse_args()
    product = PRODUCTS[asked.product]
    print(make_package(product, asked.bundles / product.package, asked.out, asked.version))


if __name__ == "__main__":
    main()
