/* keys: values that scripts can trust, and messages that show no secret. */
#include <string.h>

#include "buf.h"
#include "os.h"
#include "tap.h"
#include "withconf/keys.h"

static void
check(const char *key, const char *value, const char *expected)
{
	struct buf out = BUF_INIT(1 << 16);
	struct err e = ERR_INIT;

	tap_int(keys_check(keys_find(key), value, &out, &e), 0, "%s=%s", key,
	    value);
	tap_text(buf_text(&out), expected, "is handed on");
	buf_free(&out);
}

static void
refuse(const char *key, const char *value)
{
	struct buf out = BUF_INIT(1 << 16);
	struct err e = ERR_INIT;

	tap_int(keys_check(keys_find(key), value, &out, &e), -1, "%s=%s", key,
	    value);
	tap_int(e.kind, ERR_USAGE, "%s", e.text);
	tap_ok(strstr(e.text, key) != NULL, "names the key");
	buf_free(&out);
}

static void
check_names(void)
{
	check("DB_NAME", "one", "one");
	check("DB_NAME", "one, two ,three", "one\ntwo\nthree");
	check("DB_NAME", "my db", "my db");
	check("DB_NAME", "a\\,b,c\\d", "a,b\nc\\d");
	check("DB_NAME", "-x,../y,\"z\",$a;b!%", "-x\n../y\n\"z\"\n$a;b!%");
	check("DB_NAME", "one,two", "one\ntwo");
	refuse("DB_NAME", "one,,two");
	refuse("DB_NAME", "one,");
	refuse("DB_NAME", ",");
	refuse("DB_NAME", " ");
	refuse("DB_NAME", "one,two,one");
	check("DB_NAME", "one,on,onee", "one\non\nonee");
	check("BACKUP_NAME", "a.B-c_1%20", "a.B-c_1%20");
	refuse("BACKUP_NAME", "a/b");
	refuse("BACKUP_NAME", "a b");
	refuse("BACKUP_NAME", "globals");
}

static void
check_places(void)
{
	const char *path = os_is_absolute("/") ? "/var/back ups" :
	    "D:\\back ups";

	check("BACKUP_DIR", path, path);
	refuse("BACKUP_DIR", "backups");
	refuse("LOG_FILE", "~/log");
	check("S3_BUCKET", "s3://bucket/pre fix/", "s3://bucket/pre fix/");
	check("S3_BUCKET", "bucket/prefix", "s3://bucket/prefix");
	refuse("S3_BUCKET", "s3://Bad_Bucket!");
	refuse("S3_BUCKET", "s3://");
	check("AWS_ENDPOINT_URL", "http://[::1]:8000", "http://[::1]:8000");
	refuse("AWS_ENDPOINT_URL", "ftp://host");
	refuse("AWS_ENDPOINT_URL", "https://");
	refuse("AWS_ENDPOINT_URL", "https:///x");
	refuse("AWS_ENDPOINT_URL", "host:8000");
	refuse("AWS_ENDPOINT_URL", "https://a b");
	check("SMTP_URL", "smtps://u:p%40@h:465/", "smtps://u:p%40@h:465/");
	refuse("SMTP_URL", "https://h");
	check("ALERT_EMAIL", "a@b.c,d@e.f  root", "a@b.c d@e.f root");
	refuse("ALERT_EMAIL", "A <a@b.c>");
	refuse("ALERT_EMAIL", "-oQ/tmp");
	refuse("ALERT_EMAIL", ",");
	check("SSE", "aws:kms", "aws:kms");
	refuse("SSE", "aws");
	refuse("SSE", "aws:kms AES256");
	refuse("AWS_PROFILE", "a b");
}

static void
check_numbers(void)
{
	check("DB_PORT", "05432", "5432");
	refuse("DB_PORT", "0");
	refuse("DB_PORT", "65536");
	refuse("DB_PORT", "5432x");
	refuse("JOBS", "-1");
	refuse("LEVEL", "13");
	refuse("MAX_LOCAL_BACKUPS", "0");
	check("RETENTION_DAYS", "0", "0");
	refuse("RETENTION_DAYS", "18446744073709551617");
	check("RETRY_WAIT", "90s", "90");
	check("RETRY_WAIT", "10m", "600");
	check("RETRY_WAIT", "45", "45");
	check("MAX_RUNTIME", "6h", "21600");
	check("MAX_RUNTIME", "0", "0");
	refuse("MAX_RUNTIME", "6 h");
	refuse("MAX_RUNTIME", "6hours");
	check("GLOBALS", "True", "yes");
	check("GLOBALS", "off", "no");
	check("GLOBALS", "1", "yes");
	refuse("GLOBALS", "y");
	refuse("GLOBALS", "yes no");
}

static void
check_silence(void)
{
	static const char *const keys[] = { "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "SMTP_URL", "HEALTHCHECK_URL" };
	struct buf out = BUF_INIT(1 << 16);
	struct err e = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		tap_int(keys_check(keys_find(keys[i]), "hunter2 hunter2",
		    &out, &e), -1, "a wrong %s", keys[i]);
		tap_ok(strstr(e.text, "hunter2") == NULL &&
		    strstr(e.hint, "hunter2") == NULL, "is not shown");
	}
	buf_free(&out);
}

static void
check_table(void)
{
	const struct key *k, *guess;

	for (k = keys_table; k->name != NULL; k++) {
		tap_ok(keys_find(k->name) == k, "%s is there once", k->name);
		if (k->standard[0] != '\0')
			refuse(k->name, "\x7f nonsense");
	}
	tap_ok(keys_find("DB_NAM") == NULL, "a key that is not there");
	guess = keys_guess("DB_NAMES");
	tap_text(guess != NULL ? guess->name : "", "DB_NAME", "is guessed");
	guess = keys_guess("MAX_LOCAL_BACKUP");
	tap_text(guess != NULL ? guess->name : "", "MAX_LOCAL_BACKUPS",
	    "whatever is missing");
	tap_ok(keys_guess("SOMETHING_ELSE") == NULL, "or is not");
	tap_ok(keys_guess("FOO") == NULL, "a short one neither");
	guess = keys_guess("JOB");
	tap_text(guess != NULL ? guess->name : "", "JOBS", "but for a letter");
}

int
main(void)
{
	check_names();
	check_places();
	check_numbers();
	check_silence();
	check_table();
	return tap_done();
}
