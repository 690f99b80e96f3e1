"""What the contracts hold: the operations that the program calls and the types that it has kinds for,
as its sources name them.

An operation is written out in the sources, as a string of its own: "DescribeVpcs". It belongs to the
service that its folder calls most, or to another one that its file calls. `Scripts/requests/recording.py`
fails for an operation that is named and never called by a test.

additions.json has what neither the sources nor the pinned packages say.
"""

import json
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDITIONS = Path(__file__).resolve().with_name("additions.json")
# Where calls are made. Elsewhere operations are named that somebody else calls: by a published rate.
FOLDERS = ["Sources/Kinds", "Sources/Engine", "Sources/TrueupCore", "Sources/AWSClient/Credentials"]

COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
LITERAL = re.compile(r'"([A-Z][A-Za-z0-9]+)"')
CALL = re.compile(r'\b[Cc]all\(\s*"([a-z0-9-]+)"')
TYPE = re.compile(r'\blet type(?:: String)? = "(AWS::\w+::\w+)"')


def sources():
    """Folder -> its Swift files -> their code, without comments."""
    folders = {}
    for root in FOLDERS:
        for path in sorted((ROOT / root).rglob("*.swift")):
            # A service of Sources/Kinds is one folder, whatever is below it.
            parts = path.relative_to(ROOT).parts
            folder = "/".join(parts[: min(3, len(parts) - 1)])
            folders.setdefault(folder, {})[path] = COMMENT.sub("", path.read_text())
    return folders


def services(operations_of):
    """Service -> sorted operations, of all that the sources name.

    operations_of: service -> the operations that its model has; empty where there is no such service.
    """
    found = {}
    for files in sources().values():
        called = Counter(service for code in files.values() for service in CALL.findall(code))
        usual = called.most_common(1)[0][0] if called else None
        for code in files.values():
            named = set(LITERAL.findall(code))
            for service in {usual, *CALL.findall(code)} - {None}:
                found.setdefault(service, set()).update(named & operations_of(service))
    return {service: sorted(found[service]) for service in sorted(found) if found[service]}


def resource_types():
    return sorted(
        name
        for folder, files in sources().items()
        if folder.startswith("Sources/Kinds")
        for code in files.values()
        for name in TYPE.findall(code)
    )


def bundled_loader():
    """Only the models that come with the package: none from a developer's ~/.aws/models."""
    from botocore.loaders import Loader

    return Loader(include_default_search_paths=False, extra_search_paths=[Loader.BUILTIN_DATA_PATH])


def selection():
    """`services`, `resourceTypes`, and the `paginators` and `corrections` of additions.json."""
    loader = bundled_loader()
    available = set(loader.list_available_services("service-2"))
    models = {}

    def operations_of(service):
        if service not in models:
            models[service] = (
                set(loader.load_service_model(service, "service-2")["operations"])
                if service in available
                else set()
            )
        return models[service]

    return {
        "services": services(operations_of),
        "resourceTypes": resource_types(),
        **json.loads(ADDITIONS.read_text()),
    }
