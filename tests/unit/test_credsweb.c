/*
 * Credentials that a server hands out: roles, web identity, containers,
 * instances, SSO; and the order of all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsdir.h"
#include "creds_private.h"
#include "credskit.h"
#include "httpd.h"
#include "os.h"
#include "sys.h"
#include "tap.h"

#define EXPIRES_AT CREDSKIT_EXPIRES
#define STS(action, key) "200\n\n<" action "Response xmlns=\"https://sts." \
	"amazonaws.com/doc/2011-06-15/\"><" action "Result><Credentials>" \
	"<AccessKeyId>" key "</AccessKeyId><SecretAccessKey>S" key \
	"</SecretAccessKey><SessionToken>T" key "</SessionToken><Expiration>" \
	"2099-01-01T00:00:00Z</Expiration></Credentials></" action "Result></" \
	action "Response>"
#define STS_ERROR(code) "403\n\n<ErrorResponse><Error><Type>Sender</Type>" \
	"<Code>" code "</Code><Message>words</Message></Error></ErrorResponse>"
#define DOCUMENT CREDSKIT_DOCUMENT
#define SCRIPT(...) HTTPD_SCRIPT(server, __VA_ARGS__)

static struct httpd *server;
static struct credskit kit;

static void
begin(void)
{
	awsdir_clear();
	awsdir_set("AWS_EC2_METADATA_DISABLED", "true");
	awsdir_set("AWS_ENDPOINT_URL_STS", httpd_url(server));
}

static const char *
get(void)
{
	return credskit_once(&kit, NULL);
}

static bool
request_has(size_t n, const char *text)
{
	return strstr(httpd_request(server, n), text) != NULL;
}

static void
requests_are(size_t n, const char *what)
{
	tap_int((long long)httpd_count(server), (long long)n, "%s", what);
}

/* -- roles -------------------------------------------------------------- */

static void
test_roles(void)
{
	begin();
	awsdir_files("[default]\nrole_arn = arn:aws:iam::1:role/A\n"
	    "source_profile = b\nexternal_id = x y\nduration_seconds = 900\n"
	    "role_session_name = me\n[profile b]\nrole_arn = arn:B\n"
	    "source_profile = c\n", "[c]\naws_access_key_id = CK\n"
	    "aws_secret_access_key = CS\n");
	SCRIPT(STS("AssumeRole", "BK"), STS("AssumeRole", "AK"));
	tap_text(get(), "AK/SAK/TAK", "a chain of two roles");
	requests_are(2, "takes two requests");
	tap_ok(request_has(0, "Action=AssumeRole&Version=2011-06-15&RoleArn="
	    "arn%3AB&RoleSessionName=pgdumpz-") &&
	    request_has(0, "Credential=CK/") &&
	    request_has(0, "/us-east-1/sts/aws4_request") &&
	    request_has(0, "content-type: application/x-www-form-urlencoded"),
	    "the first is signed by the keys");
	tap_ok(request_has(1, "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2FA&"
	    "RoleSessionName=me&ExternalId=x%20y&DurationSeconds=900") &&
	    request_has(1, "Credential=BK/") &&
	    request_has(1, "x-amz-security-token: TBK\r\n"),
	    "the second by the first role");
	SCRIPT(STS_ERROR("AccessDenied"));
	get();
	tap_ok(kit.err.kind == ERR_REMOTE && strstr(kit.err.text, "cannot "
	    "assume role 'arn:B' of profile 'b': ") != NULL &&
	    strstr(kit.err.text, "403 AccessDenied: words") != NULL &&
	    strstr(kit.err.hint, "trust policy") != NULL, "refused: %s (%s)",
	    kit.err.text, kit.err.hint);
	tap_ok(strstr(kit.err.text, "CS") == NULL, "without a secret");
	requests_are(1, "once");
	SCRIPT("500\n\n", STS("AssumeRole", "BK"), STS("AssumeRole", "AK"));
	tap_text(get(), "AK/SAK/TAK", "a 500 is tried again");
	SCRIPT("403\nDate: Sat, 04 Jan 2025 02:00:00 GMT\n\n",
	    STS("AssumeRole", "BK"), STS("AssumeRole", "AK"));
	tap_text(get(), "AK/SAK/TAK", "a clock that is off");
	tap_ok(request_has(1, "x-amz-date: 20250104T0200") &&
	    request_has(2, "x-amz-date: 20250104T0200"),
	    "is the server's then");
	SCRIPT("200\n\n<html/>");
	tap_ok(strstr(get(), "'html', not 'AssumeRoleResponse'") != NULL,
	    "a captive portal: %s", kit.err.text);
	SCRIPT("200\n\n<AssumeRoleResponse><AccessKeyId>XYZZY</AccessKeyId>"
	    "</AssumeRoleResponse>");
	tap_ok(strstr(get(), "lacks some") != NULL &&
	    strstr(kit.err.text, "XYZZY") == NULL, "half of it: %s",
	    kit.err.text);
	awsdir_files("[default]\nrole_arn = A\nsource_profile = c\n"
	    "mfa_serial = m\n", NULL);
	SCRIPT("500\n\n");
	tap_ok(strstr(get(), "MFA") != NULL, "MFA: %s", kit.err.text);
	requests_are(0, "nobody is asked");
	awsdir_set("AWS_ACCESS_KEY_ID", "EK");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "ES");
	awsdir_files("[default]\nregion = x\n[profile r]\nrole_arn = A\n"
	    "credential_source = Environment\n", NULL);
	SCRIPT(STS("AssumeRole", "AK"));
	tap_text(credskit_once(&kit, "r"), "AK/SAK/TAK",
	    "from the environment, though a profile is asked for");
	tap_ok(request_has(0, "Credential=EK/"), "signed by its keys");
}

/* -- web identity ------------------------------------------------------- */

static void
test_web_identity(void)
{
	begin();
	awsdir_set("AWS_WEB_IDENTITY_TOKEN_FILE", awsdir_write("token",
	    "one.two\n"));
	tap_ok(strstr(get(), "AWS_ROLE_ARN is not") != NULL, "half: %s",
	    kit.err.text);
	awsdir_set("AWS_ROLE_ARN", "arn:R");
	awsdir_set("AWS_ROLE_SESSION_NAME", "me");
	SCRIPT(STS("AssumeRoleWithWebIdentity", "WK"));
	tap_ok(credskit_open(&kit, NULL), "open");
	tap_text(credskit_get(&kit, os_now()), "WK/SWK/TWK", "a token");
	tap_ok(request_has(0, "\r\n\r\nAction=AssumeRoleWithWebIdentity&"
	    "Version=2011-06-15&RoleArn=arn%3AR&RoleSessionName=me&"
	    "WebIdentityToken=one.two") && !request_has(0, "uthorization:"),
	    "in a form, not signed");
	(void)awsdir_write("token", "three\n");
	SCRIPT(STS("AssumeRoleWithWebIdentity", "W2"));
	tap_text(credskit_get(&kit, EXPIRES_AT - 5), "W2/SW2/TW2", "its end");
	tap_ok(request_has(0, "WebIdentityToken=three"),
	    "the file is read again");
	credskit_close(&kit);
	SCRIPT(STS_ERROR("ExpiredTokenException"));
	get();
	tap_ok(strstr(kit.err.text, "by the token in '") != NULL &&
	    strstr(kit.err.hint, "renewed") != NULL &&
	    strstr(kit.err.text, "three") == NULL, "refused: %s",
	    kit.err.text);
	(void)awsdir_write("token", "\n");
	tap_ok(strstr(get(), "is empty") != NULL, "empty: %s", kit.err.text);
	awsdir_set("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such");
	tap_ok(strstr(get(), "/no/such") != NULL, "missing: %s",
	    kit.err.text);
	begin();
	(void)awsdir_write("token", "four");
	awsdir_files("[default]\nrole_arn = arn:P\nweb_identity_token_file = "
	    "/no/such\n", NULL);
	tap_ok(strstr(get(), "role 'arn:P'") == NULL &&
	    strstr(kit.err.text, "/no/such") != NULL, "a profile's: %s",
	    kit.err.text);
}

/* -- containers --------------------------------------------------------- */

static void
set_full(const char *path)
{
	char url[200];

	(void)snprintf(url, sizeof(url), "%s%s", httpd_url(server), path);
	awsdir_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
}

static void
test_container(void)
{
	static const char *const evil[] = { "http://evil.example/",
		"http://169.254.170.2.evil.example/", "http://127.evil.example",
		"http://localhost.evil.example/", "ftp://localhost/",
		"http://localhost@evil.example/", "http://10.0.0.1/",
		"http://[fd00:ec2::24]/", "localhost", "http://localhost /" };
	size_t i;

	begin();
	set_full("/c?a=1");
	SCRIPT(DOCUMENT("CK"));
	tap_ok(credskit_open(&kit, NULL), "open");
	tap_text(credskit_get(&kit, os_now()), "CK/SCK/TCK", "a container");
	tap_ok(request_has(0, "GET /c?a=1 HTTP") &&
	    !request_has(0, "uthorization:"), "without a token");
	awsdir_set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic x");
	SCRIPT(DOCUMENT("CK"));
	tap_ok(credskit_open(&kit, NULL) && strstr(credskit_get(&kit,
	    os_now()), "CK/") != NULL && request_has(0,
	    "authorization: Basic x\r\n"), "with a token");
	awsdir_set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	    awsdir_write("auth", "one\n"));
	SCRIPT(DOCUMENT("CK"));
	tap_ok(credskit_open(&kit, NULL) && strstr(credskit_get(&kit,
	    os_now()), "CK/") != NULL && request_has(0,
	    "authorization: one\r\n"), "in a file, which goes first");
	(void)awsdir_write("auth", "two\n");
	SCRIPT("503\n\n", DOCUMENT("C2"));
	tap_text(credskit_get(&kit, EXPIRES_AT - 5), "C2/SC2/TC2", "its end");
	tap_ok(request_has(1, "authorization: two\r\n"), "read again");
	SCRIPT("403\n\n{\"code\":\"X\",\"message\":\"no\\u001b such role\"}");
	get();
	tap_ok(kit.err.kind == ERR_REMOTE && strstr(kit.err.text,
	    "answered 403: no\\x1b such role") != NULL, "refused: %s",
	    kit.err.text);
	SCRIPT("200\n\nnothing");
	tap_ok(strstr(get(), "holds no JSON object") != NULL, "no JSON: %s",
	    kit.err.text);
	SCRIPT("200\n\n{\"AccessKeyId\":\"XYZZY\",\"SecretAccessKey\":\"q\"}");
	tap_ok(strstr(get(), "has no Token") != NULL &&
	    strstr(kit.err.text, "XYZZY") == NULL, "half: %s", kit.err.text);
	awsdir_set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	    awsdir_write("auth", "a\nb\n"));
	tap_ok(strstr(get(), "more than one line") != NULL, "a header more: "
	    "%s", kit.err.text);
	begin();
	for (i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		awsdir_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", evil[i]);
		get();
		tap_int(kit.err.kind, ERR_USAGE, "refused: %s", kit.err.text);
	}
	awsdir_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil/");
	get();
	tap_int(kit.err.kind, ERR_USAGE, "refused: %s", kit.err.text);
}

/* -- instances ---------------------------------------------------------- */

#define TOKEN "200\n\nTOKEN=="

static void
begin_instance(void)
{
	awsdir_clear();
	awsdir_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", httpd_url(server));
}

static void
test_instance(void)
{
	char region[ENDPOINT_REGION_MAX];

	begin_instance();
	SCRIPT(TOKEN, "200\n\na role\nother", DOCUMENT("IK"), TOKEN,
	    "200\n\neu-west-9");
	tap_ok(credskit_open(&kit, NULL), "open");
	tap_text(credskit_get(&kit, os_now()), "IK/SIK/TIK", "an instance");
	requests_are(3, "in three requests");
	tap_ok(request_has(0, "PUT /latest/api/token HTTP") && request_has(0,
	    "x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"), "a token");
	tap_ok(request_has(1, "GET /latest/meta-data/iam/security-credentials/"
	    " HTTP") && request_has(1, "x-aws-ec2-metadata-token: TOKEN==\r\n"),
	    "the role");
	tap_ok(request_has(2, "security-credentials/a%20role HTTP") &&
	    request_has(2, "x-aws-ec2-metadata-token: TOKEN==\r\n"),
	    "its credentials");
	tap_ok(creds_instance_region(kit.session, region) &&
	    strcmp(region, "eu-west-9") == 0, "and the region");
	credskit_close(&kit);

	SCRIPT("404\n\n", "200\n\nrole", DOCUMENT("V1"));
	tap_text(get(), "V1/SV1/TV1", "version 1");
	tap_ok(!request_has(1, "x-aws-ec2-metadata-token"), "has no token");
	SCRIPT("", "200\n\nrole", DOCUMENT("V1"));
	tap_text(get(), "V1/SV1/TV1", "an answer that is lost on its way");
	awsdir_set("AWS_EC2_METADATA_V1_DISABLED", "true");
	SCRIPT("404\n\n");
	tap_ok(strstr(get(), "it gives no token") != NULL &&
	    kit.err.kind == ERR_USAGE, "not allowed: %s", kit.err.text);
	requests_are(1, "is not tried");
	begin_instance();
	SCRIPT("", "401\n\n");
	get();
	tap_ok(strstr(kit.err.text, "answered 401") != NULL &&
	    strstr(kit.err.hint, "hop limit must be 2") != NULL,
	    "behind one hop: %s", kit.err.hint);
	SCRIPT("503\n\n", "503\n\n", TOKEN, "200\n\nrole", DOCUMENT("I2"));
	tap_text(get(), "I2/SI2/TI2", "a busy one");
	SCRIPT("400\n\n");
	tap_ok(strstr(get(), "answered 400") != NULL, "a bad request: %s",
	    kit.err.text);
	SCRIPT(TOKEN, "404\n\n");
	tap_ok(strstr(get(), "the instance has no role") != NULL &&
	    kit.err.kind == ERR_USAGE, "no role: %s", kit.err.text);
	SCRIPT("403\n\n");
	tap_ok(strstr(get(), "it is turned off") != NULL, "off: %s",
	    kit.err.text);
	SCRIPT(TOKEN, "200\n\nrole", "200\n\n{\"Code\":\"AssumeRoleUnautho"
	    "rizedAccess\"}");
	tap_ok(strstr(get(), "'AssumeRoleUnauthorizedAccess'") != NULL,
	    "a role that is not trusted: %s", kit.err.text);
	awsdir_set("AWS_EC2_METADATA_DISABLED", "TRUE");
	SCRIPT(TOKEN);
	get();
	requests_are(0, "disabled: nobody is asked");
}

static void
test_silence(void)
{
	int64_t begun = os_monotonic_ms();
	char url[64];
	intptr_t fd = httpd_listen(url);

	awsdir_clear();
	awsdir_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
	tap_ok(strstr(get(), "no answer") != NULL && kit.err.kind == ERR_USAGE,
	    "a machine that never answers: %s", kit.err.text);
	tap_ok(os_monotonic_ms() - begun < 15000, "does not hold us");
	sys_close(fd);
	awsdir_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
	tap_ok(strstr(get(), "'http://127.0.0.1:1': no answer") != NULL,
	    "nobody there: %s", kit.err.text);
}

/* -- SSO ---------------------------------------------------------------- */

/* SHA-1 of "s" and of "https://x/start" */
#define OF_URL "f9bd89c67fef27fcb5df8d2e4b64eabe5bae45a4"
#define OF_SESSION "a0f1490a20d0211c997b44bc357e1972deab8ae3"
#define SSO "200\n\n{\"roleCredentials\":{\"accessKeyId\":\"OK\"," \
	"\"secretAccessKey\":\"OS\",\"sessionToken\":\"OT\",\"expiration\":" \
	"4070908800000}}"
#define SESSION "sso_session = s\nsso_account_id = 12\nsso_role_name = n m\n" \
	"[sso-session s]\nsso_start_url = https://x\nsso_region = eu-9\n"

static void
test_sso(void)
{
	begin();
	awsdir_set("AWS_ENDPOINT_URL_SSO", httpd_url(server));
	awsdir_files("[default]\n" SESSION, NULL);
	get();
	tap_ok(strstr(kit.err.text, "has left no token") != NULL &&
	    strstr(kit.err.hint, "aws sso login --profile default") != NULL,
	    "nobody has logged in: %s", kit.err.hint);
	(void)awsdir_write(".aws/sso/cache/" OF_SESSION ".json",
	    "{\"accessToken\":\"TOKEN\",\"expiresAt\":"
	    "\"2098-01-01T00:00:00Z\"}");
	SCRIPT(SSO);
	tap_ok(credskit_open(&kit, NULL), "open");
	tap_text(credskit_get(&kit, os_now()), "OK/OS/OT", "a session");
	tap_ok(request_has(0, "GET /federation/credentials?role_name=n%20m&"
	    "account_id=12 HTTP") && request_has(0,
	    "x-amz-sso_bearer_token: TOKEN\r\n"), "its request");
	SCRIPT(SSO);
	tap_text(credskit_get(&kit, EXPIRES_AT - 100), "OK/OS/OT",
	    "its end, with a token that has ended");
	requests_are(0, "is not asked for");
	credskit_close(&kit);
	SCRIPT("401\n\n{\"message\":\"x\"}");
	tap_ok(strstr(get(), "is no longer accepted") != NULL, "refused: %s",
	    kit.err.text);
	(void)awsdir_write(".aws/sso/cache/" OF_SESSION ".json",
	    "{\"accessToken\":\"TOKEN\",\"expiresAt\":"
	    "\"2020-01-01T00:00:00UTC\"}");
	SCRIPT(SSO);
	tap_ok(strstr(get(), "has ended") != NULL, "ended: %s",
	    kit.err.text);
	requests_are(0, "nobody is asked");
	awsdir_files("[default]\nsso_start_url = https://x/start\n"
	    "sso_region = eu-9\nsso_account_id = 12\nsso_role_name = n\n",
	    NULL);
	(void)awsdir_write(".aws/sso/cache/" OF_URL ".json",
	    "{\"accessToken\":\"OLD\",\"expiresAt\":"
	    "\"2098-01-01T00:00:00UTC\"}");
	SCRIPT("429\n\n", SSO);
	tap_text(get(), "OK/OS/OT", "without a session, as it was once");
	tap_ok(request_has(1, "x-amz-sso_bearer_token: OLD\r\n"),
	    "by the token of the URL");
}

/* -- the order ---------------------------------------------------------- */

/* From the last place to the first, each added to those before it. */
static void
test_order(void)
{
	begin_instance();
	SCRIPT(TOKEN, "200\n\nrole", DOCUMENT("IK"));
	tap_text(get(), "IK/SIK/TIK", "last, the instance");
	set_full("/c");
	SCRIPT(DOCUMENT("CK"));
	tap_text(get(), "CK/SCK/TCK", "before it, the container");
	awsdir_files("[default]\naws_access_key_id = PK\n"
	    "aws_secret_access_key = PS\n[profile r]\nrole_arn = R\n"
	    "source_profile = default\n", NULL);
	tap_text(get(), "PK/PS/-", "before it, the profile");
	awsdir_set("AWS_ENDPOINT_URL_STS", httpd_url(server));
	awsdir_set("AWS_ROLE_ARN", "W");
	awsdir_set("AWS_WEB_IDENTITY_TOKEN_FILE", awsdir_write("token", "t"));
	SCRIPT(STS("AssumeRoleWithWebIdentity", "WK"));
	tap_text(get(), "WK/SWK/TWK", "before it, web identity");
	tap_text(credskit_once(&kit, "default"), "PK/PS/-",
	    "but not before a profile that an option names");
	awsdir_set("AWS_PROFILE", "r");
	SCRIPT(STS("AssumeRole", "RK"));
	tap_text(get(), "RK/SRK/TRK", "before it, a role of the profile");
	awsdir_set("AWS_ACCESS_KEY_ID", "EK");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "ES");
	tap_text(get(), "EK/ES/-", "before all, the environment");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "");
	tap_ok(strstr(get(), "AWS_SECRET_ACCESS_KEY is not") != NULL,
	    "half of it is an error, whatever comes behind: %s",
	    kit.err.text);
}

int
main(void)
{
	os_start();
	if (awsdir_make() == NULL || (server = httpd_start()) == NULL)
		return 1;
	test_roles();
	test_web_identity();
	test_container();
	test_instance();
	test_silence();
	test_sso();
	test_order();
	httpd_stop(server);
	awsdir_remove();
	return tap_done();
}
