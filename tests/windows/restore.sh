# For the scenarios of restore-db.bat, after windows/lib.sh and driver.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables shared with those
#
#   windows_conf LINE...   a configuration as an editor of Windows makes it
#   restore_there [ARG...] restore-db.bat with it, without a terminal
#   databases              their names; count DB: rows of its t
#   drop_all DB...
#   no_driver_left         no process, nothing of the run, no upload

windows_conf() {
	conf "$@" "BACKUP_DIR=$(win "$T/backups")"
	sed -e "s,^LOG_FILE=.*,LOG_FILE=$(win "$T/log" | sed 's,\\,\\\\,g')," \
		-e 's/$/\r/' conf >windows.conf
	chmod 600 windows.conf
}

# Its own place for temporary files: cmd.exe of Wine leaves some.
restore_there() {
	mkdir -p "$T/there"
	AWS_CA_BUNDLE=${AWS_CA_BUNDLE:+$(win "$AWS_CA_BUNDLE")} \
		WINETEMP=$(win "$T/there") WINETMP=$(win "$T/there") \
		run "$WINE" "$(win "$WINDOWS_BIN/restore-db.bat")" \
		-c "$(win "$T/windows.conf")" "$@" </dev/null
}

databases() {
	sql_in postgres "SELECT datname FROM pg_database
		WHERE datname !~ '^template|^postgres$' ORDER BY 1"
}

count() {
	sql_in "$1" 'SELECT count(*) FROM t'
}

drop_all() {
	for dropped; do
		printf 'DROP DATABASE "%s";\n' "$dropped" | psql -Xq -d postgres
	done
}

no_driver_left() {
	no_children_left
	is "$(find "$T/there" -mindepth 1 ! -name 'CMD*.tmp')" '' 'no temporary file is left'
	no_uploads_left "$bucket"
	is "$(files | grep '\.partial$')" '' 'no partial file is left'
}
