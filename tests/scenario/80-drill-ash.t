#!/bin/sh
# unsanitized
# restore-db.sh --drill under busybox's shell, too.
DRIVER_SHELL=busybox exec "${0%/*}/79-drill.t"
