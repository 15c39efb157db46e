"""zip.py DIRECTORY ZIP: zip what is in DIRECTORY, always to the same bytes.

Entries are sorted, and as old as SOURCE_DATE_EPOCH, or as the format allows.
"""
import os
import sys
import time
import zipfile

EARLIEST = 315532800  # 1980


def files(top):
    for parent, dirs, names in os.walk(top):
        dirs.sort()
        for name in sorted(names):
            path = os.path.join(parent, name)
            yield path, os.path.relpath(path, top)


def main(top, target):
    epoch = max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST)
    partial = target + ".partial"
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in files(top):
            entry = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # no Unix modes, whatever the umask was
            with open(path, "rb") as source:
                archive.writestr(entry, source.read())
    os.replace(partial, target)


main(*sys.argv[1:])
