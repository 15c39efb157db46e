#!/bin/sh
# unsanitized
# backup-db.sh: killed and stopped under busybox's shell, too.
DRIVER_SHELL=busybox exec "${0%/*}/74-driver-killed.t"
