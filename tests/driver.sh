# For scenarios of backup-db.sh and restore-db.sh, after lib.sh.
# shellcheck shell=sh disable=SC2119,SC2120,SC2154
#
#   use_driver         databases' server, S3, a configuration in $T/conf;
#                      DRIVER_SHELL is the sh to use
#   conf LINE...       the configuration: databases, places and these lines
#   backup [ARG...]    one run, as cron would start it
#   restore [ARG...]   restore-db.sh, without a terminal
#   backup_by SHELL [ARG...]   the same by this shell
#   log_like ERE NAME, log_unlike ERE NAME   the last run's part of the log
#   objects            names of the objects below the prefix
#   files              names of the files in BACKUP_DIR
#   no_work_left       no temporary directory, process, upload, partial file

use_driver() {
	if [ -n "${DRIVER_SHELL:-}" ]; then
		mkdir "$T/shell"
		ln -s "$(command -v "$DRIVER_SHELL")" "$T/shell/sh"
		PATH=$T/shell:$PATH
	fi
	use_pg
	use_s3
	fresh_db
	fresh_bucket
	sql 'CREATE TABLE t AS SELECT generate_series(1, 1000) AS n'
	remote=$S3_BUCKET/night
	unset S3_BUCKET PGDATABASE
	mkdir "$T/backups"
	conf
}

conf() {
	{
		printf '%s\n' "$@"
		case " $*" in *' DB_NAME='*) ;; *) echo "DB_NAME=$db" ;; esac
		case " $*" in *' BACKUP_DIR='*) ;; *) echo "BACKUP_DIR=$T/backups" ;; esac
		case " $*" in *' S3_BUCKET='*) ;; *) echo "S3_BUCKET=$remote" ;; esac
		case " $*" in *' RETRY_WAIT='*) ;; *) echo RETRY_WAIT=0 ;; esac
		echo "LOG_FILE=$T/log"
	} >"$T/conf"
	chmod 600 "$T/conf"
}

backup() {
	run backup-db.sh -c "$T/conf" "$@" </dev/null
}

restore() {
	run restore-db.sh -c "$T/conf" "$@" </dev/null
}

backup_by() {
	shell=$1
	shift
	# shellcheck disable=SC2086 # words
	run withconf -c "$T/conf" "$@" $shell "$bin/backup-db.sh" </dev/null
}

last_log() {
	id=$(sed -n 's/.* run=\([^ ]*\) event=run.start .*/\1/p' "$T/log" | tail -n 1)
	grep -e " run=$id " "$T/log"
}

log_like() {
	like "$(last_log)" "$1" "$2"
}

log_unlike() {
	unlike "$(last_log)" "$1" "$2"
}

objects() {
	s3 ls "$bucket" night/ | sed 's,.*/,,' | sort
}

files() {
	# shellcheck disable=SC2012 # names are encoded
	ls -A "$T/backups" | sort
}

no_work_left() {
	no_children_left
	no_temp_left
	no_uploads_left "$bucket"
	is "$(files | grep '\.partial$')" '' 'no partial file is left'
}
