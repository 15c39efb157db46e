/*
 * The grammar of the shared AWS files: cases as the SDKs share them, and,
 * where they are at hand (env PGDUMPZ_VECTORS), all of theirs.
 */
#include <stdlib.h>
#include <string.h>

#include "awsconf.h"
#include "buf.h"
#include "tap.h"
#include "vectors.h"

#define NONE NULL

static const struct {
	const char *what;
	const char *config, *credentials;
	const char *profile, *key, *expected;	/* expected NONE: no such */
} cases[] = {
	{ "a property", "[profile foo]\nname = value", "", "foo", "name",
	    "value" },
	{ "an empty file", "", "", "foo", "name", NONE },
	{ "CRLF", "[profile foo]\r\nname = value\r\n", "", "foo", "name",
	    "value" },
	{ "a byte order mark", "\xef\xbb\xbf[default]\nname = v", "",
	    "default", "name", "v" },
	{ "equals signs in values", "[profile foo]\nname = val=ue", "",
	    "foo", "name", "val=ue" },
	{ "trimming", "[profile \tfoo \t]\nname \t=  \tvalue \t", "", "foo",
	    "name", "value" },
	{ "an empty value", "[profile foo]\nname =", "", "foo", "name", "" },
	{ "comments", "# c\n; c\n[profile foo] # c\nname = value # c # d",
	    "", "foo", "name", "value" },
	{ "comments beside names", "[profile foo]; c\nname = value ; c", "",
	    "foo", "name", "value" },
	{ "no comment without a blank", "[profile foo]\nname = value; c#d",
	    "", "foo", "name", "value; c#d" },
	{ "continuation", "[profile foo]\nname = value\n \t -more # c \t \n",
	    "", "foo", "name", "value\n-more # c" },
	{ "blank lines", "\t \n[profile foo]\n\t\nname = v\n \n -w", "",
	    "foo", "name", "v\n-w" },
	{ "sections merge", "[profile foo]\na = 1\n[profile foo]\nb = 2", "",
	    "foo", "a", "1" },
	{ "the last one wins", "[profile foo]\nName = 1\n[profile foo]\n"
	    "name = 2", "", "foo", "name", "2" },
	{ "credentials win", "[profile foo]\nname = 1", "[foo]\nname = 2",
	    "foo", "name", "2" },
	{ "both files merge", "[profile foo]\nname = 1", "[foo]\nb = 2",
	    "foo", "name", "1" },
	{ "[profile default] wins over an earlier [default]",
	    "[default]\nname2 = 2\n[profile default]\nname = 1", "",
	    "default", "name2", NONE },
	{ "[profile default] wins over a later [default]",
	    "[profile default]\nname = 1\n[default]\nname2 = 2", "",
	    "default", "name2", NONE },
	{ "but not over the one in credentials",
	    "[profile default]\nname = 1", "[default]\nname2 = 2",
	    "default", "name2", "2" },
	{ "no prefix in config", "[foo]\nname = v", "", "foo", "name", NONE },
	{ "a prefix in credentials", "", "[profile foo]\nname = v", "foo",
	    "name", NONE },
	{ "a prefix without a blank", "[profilefoo]\nname = v", "", "foo",
	    "name", NONE },
	{ "an invalid name is skipped", "[profile in valid]\nname = 1\n"
	    "[profile foo]\nname = 2", "", "foo", "name", "2" },
	{ "an invalid key is skipped", "[profile foo]\nin valid = 1\n -x\n"
	    "name = 2", "", "foo", "name", "2" },
	{ "odd characters of names", "[profile a-b:c/d_e%f.g@h+]\nname = v",
	    "", "a-b:c/d_e%f.g@h+", "name", "v" },
	{ "sub-properties", "[profile foo]\ns3 =\n a = 1\n\n b = 2", "",
	    "foo", "s3", "\na = 1\nb = 2" },
	{ "sso-session is no profile", "[sso-session foo]\nname = v", "",
	    "foo", "name", NONE },
};

static const struct {
	const char *config;
	const char *error;
} broken[] = {
	{ "[profile foo", "line 1: expected ']'" },
	{ "name = value", "expected a section" },
	{ " -continued", "expected a section" },
	{ "[profile foo]\n= value", "line 2: there is no name before" },
	{ "[profile foo]\nkey : value", "expected an '='" },
	{ "[profile foo]\n -continued", "found a continuation" },
	{ "[profile foo]\na = b\n[profile foo]\n -c", "line 4: expected a "
	    "property, found a continuation" },
	{ "[profile foo]\ns3 =\n invalid", "bad sub-property: cannot read "
	    "'FILE', line 3: expected an '='" },
	{ "[profile foo]\ns3 =\n = value", "line 3: there is no name before" },
	{ "[profile foo]\ns3 =\n a = 1\n invalid", "line 4: expected an '='" },
};

static int
parse(struct awsconf *c, enum awsconf_file file, const char *text,
	struct err *e)
{
	return awsconf_parse(c, file, "FILE", text, strlen(text), e);
}

static void
test_cases(void)
{
	struct err e = ERR_INIT;
	struct awsconf *c;
	const char *got;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c = awsconf_new(&e);
		tap_ok(parse(c, AWSCONF_CONFIG, cases[i].config, &e) == 0 &&
		    parse(c, AWSCONF_CREDENTIALS, cases[i].credentials,
		    &e) == 0, "%s: parsed", cases[i].what);
		got = awsconf_get(c, AWSCONF_PROFILE, cases[i].profile,
		    cases[i].key);
		tap_text(got != NULL ? got : "(none)", cases[i].expected !=
		    NONE ? cases[i].expected : "(none)", "%s",
		    cases[i].what);
		awsconf_free(c);
	}
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		c = awsconf_new(&e);
		tap_int(parse(c, AWSCONF_CONFIG, broken[i].config, &e), -1,
		    "refused: %s", broken[i].error);
		tap_ok(e.kind == ERR_USAGE && strstr(e.text, broken[i].error)
		    != NULL, "says so: %s", e.text);
		awsconf_free(c);
	}
}

static void
test_sub(void)
{
	static const char text[] = "[services local]\ns3 =\n"
	    "  endpoint_url = http://127.0.0.1:9000  \n  other = 1 # c\n"
	    "  empty =\ndynamodb =\n  endpoint_url = http://x\n"
	    "[profile p]\nservices = local\nplain = a\n -b = c\n";
	static const struct { const char *key, *sub, *expected; } subs[] = {
		{ "s3", "endpoint_url", "http://127.0.0.1:9000" },
		{ "s3", "other", "1" },
		{ "s3", "empty", "" },
		{ "s3", "missing", NONE },
		{ "dynamodb", "endpoint_url", "http://x" },
		{ "nothing", "endpoint_url", NONE },
	};
	struct err e = ERR_INIT;
	struct awsconf *c = awsconf_new(&e);
	struct buf got = BUF_INIT(1000);
	const char *value;
	size_t i, len;

	tap_int(parse(c, AWSCONF_CONFIG, text, &e), 0, "services");
	for (i = 0; i < sizeof(subs) / sizeof(subs[0]); i++) {
		value = awsconf_get_sub(c, AWSCONF_SERVICES, "local",
		    subs[i].key, subs[i].sub, &len);
		buf_reset(&got);
		buf_put(&got, value != NULL ? value : "(none)",
		    value != NULL ? len : 6);
		tap_text(buf_text(&got), subs[i].expected != NONE ?
		    subs[i].expected : "(none)", "%s.%s", subs[i].key,
		    subs[i].sub);
	}
	tap_ok(awsconf_get_sub(c, AWSCONF_PROFILE, "p", "plain", "x", &len) ==
	    NULL, "a continued value has no sub-properties");
	buf_free(&got);
	awsconf_free(c);
}

static void
check_section(const struct awsconf *c, enum awsconf_kind kind,
	json_t *sections, const char *what)
{
	const char *name, *key, *got;
	json_t *properties, *value;

	json_object_foreach(sections, name, properties) {
		tap_ok(awsconf_has(c, kind, name), "%s: has %s", what, name);
		json_object_foreach(properties, key, value) {
			got = awsconf_get(c, kind, name, key);
			tap_text(got != NULL ? got : "(none)",
			    json_string_value(value), "%s: %s", what, key);
		}
	}
}

static void
test_published(void)
{
	json_t *root = vectors_load("profile-parser-tests.json");
	json_t *test, *input, *output;
	const char *text, *what;
	struct err e = ERR_INIT;
	struct awsconf *c;
	size_t i;
	int rc;

	json_array_foreach(json_object_get(root, "tests"), i, test) {
		what = json_string_value(json_object_get(test, "name"));
		input = json_object_get(test, "input");
		output = json_object_get(test, "output");
		c = awsconf_new(&e);
		text = json_string_value(json_object_get(input,
		    "configFile"));
		rc = parse(c, AWSCONF_CONFIG, text != NULL ? text : "", &e);
		text = json_string_value(json_object_get(input,
		    "credentialsFile"));
		if (rc == 0)
			rc = parse(c, AWSCONF_CREDENTIALS, text != NULL ?
			    text : "", &e);
		tap_int(rc, json_object_get(output, "errorContaining") !=
		    NULL ? -1 : 0, "%s", what);
		output = json_object_get(output, "config");
		check_section(c, AWSCONF_PROFILE,
		    json_object_get(output, "profiles"), what);
		check_section(c, AWSCONF_SSO_SESSION,
		    json_object_get(output, "sso_sessions"), what);
		awsconf_free(c);
	}
	json_decref(root);
}

int
main(void)
{
	test_cases();
	test_sub();
	test_published();
	return tap_done();
}
