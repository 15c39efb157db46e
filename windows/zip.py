"""zip.py DIRECTORY ZIP: zip what is in DIRECTORY, always to the same bytes.

Entries are sorted, and all as old as SOURCE_DATE_EPOCH.
"""
import os
import sys
import time
import zipfile


def files(top):
    for parent, dirs, names in os.walk(top):
        dirs.sort()
        for name in sorted(names):
            path = os.path.join(parent, name)
            yield path, os.path.relpath(path, top)


def main(top, target):
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
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
