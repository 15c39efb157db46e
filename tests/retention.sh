# For the scenarios of s3ls, s3prune and keeplocal: backups of chosen ages.
# shellcheck shell=sh disable=SC2154 # variables of lib.sh
#
#   stamp AGO        _YYYYMMDD_HHMMSS.sql.gz, counted from the beginning of the
#                    scenario; AGO as GNU date has it, "3 days ago"
#   sealed, foreign  files: a sealed stream, and gzip without a seal
#   store KEY...     sealed objects in $bucket
#   let_all_put      lets bulk write into $bucket
#   bulk PATTERN     many sealed objects fast, PATTERN as curl's URL globbing
#   keys             of $bucket, one a line
#   decided VERB     the names that the last run decided so about, in order

began=$(date -u '+%Y-%m-%d %H:%M:%S')

stamp() {
	date -u -d "$began UTC $1" +_%Y%m%d_%H%M%S.sql.gz
}

echo 'SELECT 1;' | gzip >foreign
"$tests/seal.py" <foreign >sealed

store() {
	for key in "$@"; do
		s3 put "$bucket" "$key" sealed
	done
}

let_all_put() {
	cat >policy <<-E
		{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
		"Principal": "*", "Action": "s3:PutObject",
		"Resource": "arn:aws:s3:::$bucket/*"}]}
	E
	s3 call PUT "/$bucket?policy=" policy
}

bulk() {
	curl -sS -f -o /dev/null -T sealed "$s3_direct/$bucket/$1"
}

keys() {
	s3 ls "$bucket" "$@" | cut -f2
}

decided() {
	sed -n "s/^$1	\\([^	]*\\)	.*/\\1/p" "$out"
}
