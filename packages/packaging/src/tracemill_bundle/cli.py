# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command group ``tracemill bundle``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tracemill_bundle.verify import Verified

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_PUBLIC = click.option("--key", type=_FILE, help="Public key that must have signed the bundle.")


@click.group()
def bundle() -> None:
    """Build and verify submission bundles.

    \b
    Example:
      tracemill bundle build --rehearsal
    """


@bundle.command()
@click.option("--workspace", type=_FOLDER, default=Path(), help="Folder of the run's results.")
@click.option("--name", help="Name of the bundle; by default that of the dataset.")
@click.option("--rehearsal", is_flag=True, help="Build it even if it can't be final; says why.")
@click.option("--dataset", help="Folder in the workspace; needed if it holds several datasets.")
@click.option("--model", multiple=True, help="Folder in the workspace; the first is the subject.")
@click.option("--evaluation", multiple=True, help="Folder in the workspace.")
@click.option("--evidence", default="evidence", show_default=True, help="Folder of the evidence.")
@click.option("--gate-evidence", help="Folder of the gate's evidence, e.g. .tracemill/evidence.")
@click.option("--out", default="bundle", show_default=True, help="Folder to write to.")
@click.option("--key", type=_FILE, envvar="TRACEMILL_SIGNING_KEY", help="Private key to sign with.")
@_JSON
def build(
    *,
    workspace: Path,
    name: str | None,
    rehearsal: bool,
    dataset: str | None,
    model: tuple[str, ...],
    evaluation: tuple[str, ...],
    evidence: str,
    gate_evidence: str | None,
    out: str,
    key: Path | None,
    as_json: bool,
) -> None:
    """Build a bundle from a workspace, or say which evidence is missing.

    \b
    Example:
      tracemill bundle build --rehearsal --workspace tracemill-demo
    """
    from tracemill_bundle import discover, stage
    from tracemill_schema.canonical import canonical_bytes

    source = dataset or discover.dataset(workspace)
    config = stage.BundleConfig.from_values(
        {
            "dataset": source,
            "models": list(model or discover.models(workspace, out)),
            "evaluations": list(evaluation or discover.evaluations(workspace)),
            "evidence": evidence,
            "gate_evidence": gate_evidence and str(Path(gate_evidence).absolute()),
            "out": out,
            "name": name or discover.name(source),
            "rehearsal": rehearsal,
        },
        where="options of bundle build",
    )
    built = stage.bundle(config, workspace, key=key, progress=_progress)
    if as_json:
        click.echo(canonical_bytes(stage.summary(built, workspace)))
        return
    how = "unchanged" if built.reused else "built"
    click.echo(f"{built.path}: {how}, {built.manifest.status}")
    for reason in built.manifest.rehearsal_reasons:
        click.echo(f"  not final: {reason}")


@bundle.command()
@click.argument("path", metavar="FILE", type=_FILE)
@_PUBLIC
@_JSON
def verify(path: Path, *, key: Path | None, as_json: bool) -> None:
    """Check every file, id and evidence of a bundle; exit 1 if anything is wrong.

    \b
    Example:
      tracemill bundle verify bundle/demo.zip
    """
    from tracemill_bundle.view import signature_state
    from tracemill_schema.canonical import canonical_bytes

    found = _verified(path, key)
    manifest = found.manifest
    if as_json:
        values = {
            "id": manifest.id,
            "status": manifest.status,
            "files": len(manifest.files),
            "evidence": len(manifest.evidence),
            "signature": signature_state(found),
        }
        click.echo(canonical_bytes(values))
        return
    click.echo(
        f"{path}: whole, {manifest.status}; {len(manifest.files)} files, "
        f"{len(manifest.evidence)} evidence files, signature: {signature_state(found)}"
    )


@bundle.command()
@click.argument("path", metavar="FILE", type=_FILE)
@_PUBLIC
@_JSON
def show(path: Path, *, key: Path | None, as_json: bool) -> None:
    """Show what a bundle holds, after verifying it.

    \b
    Example:
      tracemill bundle show bundle/demo.zip
    """
    from tracemill_bundle.view import lines

    found = _verified(path, key)
    click.echo(found.manifest.to_bytes() if as_json else "\n".join(lines(found)))


@bundle.command()
@click.argument("path", metavar="FILE", type=_FILE)
def keygen(path: Path) -> None:
    """Write a new signing key to FILE and its public key to FILE.pub.

    \b
    Example:
      tracemill bundle keygen signing-key.pem
    """
    from tracemill_bundle.signature import generate

    public = generate(path)
    click.echo(f"private key {path} (keep it out of the repository), public key {public}")


def _verified(path: Path, key: Path | None) -> Verified:
    from tracemill_bundle.signature import load_public
    from tracemill_bundle.verify import verify as verify_file

    return verify_file(path, key=load_public(key) if key else None)


def _progress(label: str, done: int, total: int, note: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"{label} {done}/{total} {note}", err=True)
