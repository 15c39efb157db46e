/*
 * The right to list or to look says nothing about the right to write. Nor does
 * a signature that is accepted say that the clock is right: s3 corrects that.
 */
#include "access.h"
#include "num.h"
#include "os.h"

int
access_check_clock(int64_t here, int64_t there, struct err *e)
{
	int64_t ahead = here - there;
	char text[NUM_TEXT];

	if (there == 0 || (ahead <= ACCESS_SKEW && ahead >= -ACCESS_SKEW))
		return 0;
	err_set(e, ERR_VERDICT, "cannot trust the clock: it is %s %s S3's",
	    num_format_duration(text, ahead > 0 ? ahead : -ahead),
	    ahead > 0 ? "ahead of" : "behind");
	return err_hint(e, "set the clock, and let NTP keep it: see "
	    "'timedatectl status', on Windows 'w32tm /query /status'");
}

int
access_check(struct s3 *s3, const struct s3_name *name,
	const struct s3_storage *storage, struct err *e)
{
	const struct s3_meta meta = { .storage = *storage };
	struct s3_multipart *mp;
	struct s3_info info;
	int rc;

	/* who may only write can't look, but is told the time */
	if (s3_head(s3, name, &info, e) < 0 ||
	    access_check_clock(os_now(), info.date, e) != 0)
		return -1;
	if ((mp = s3_create_multipart(s3, name, &meta, e)) == NULL)
		return -1;
	rc = s3_abort_multipart(s3, mp, e);
	s3_multipart_free(mp);
	return rc;
}
