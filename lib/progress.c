/*
 * An average over the whole run tells a wrong time when the work has become
 * slower, and one over the last moment jumps; so older moments fade.
 */
#include <stdio.h>

#include "log.h"
#include "num.h"
#include "os.h"
#include "progress.h"

#define FADE_MS 10000

void
progress_start(struct progress *p, uint64_t total)
{
	*p = (struct progress){ .total = total };
	p->start_ms = p->last_ms = os_monotonic_ms();
}

void
progress_update(struct progress *p, uint64_t done, int64_t now_ms)
{
	double passed_ms = (double)(now_ms - p->last_ms);
	double all_ms = (double)(now_ms - p->start_ms);
	double now, weight;

	if (passed_ms <= 0 || done < p->done)
		return;
	now = (double)(done - p->done) * 1000 / passed_ms;
	weight = passed_ms / (all_ms < FADE_MS ? all_ms : FADE_MS);
	if (weight > 1)
		weight = 1;
	p->rate = (uint64_t)((double)p->rate * (1 - weight) + now * weight);
	p->done = done;
	p->last_ms = now_ms;
}

const char *
progress_text(const struct progress *p, char *out)
{
	char bytes[NUM_TEXT], rate[NUM_TEXT + 8] = "", left[NUM_TEXT + 8] = "";
	char number[NUM_TEXT];
	double part = p->total == 0 ? 0 : (double)p->done / (double)p->total;

	if (p->rate > 0)
		(void)snprintf(rate, sizeof(rate), ", %s/s",
		    num_format_size(number, p->rate));
	if (p->total == 0) {
		(void)snprintf(out, PROGRESS_TEXT, "%s%s",
		    num_format_size(bytes, p->done), rate);
		return out;
	}
	if (p->rate > 0 && part < 1)
		(void)snprintf(left, sizeof(left), ", %s left",
		    num_format_duration(number, (int64_t)
		    ((p->total - p->done) / p->rate)));
	(void)snprintf(out, PROGRESS_TEXT, "%d %% of %s%s%s",
	    part < 1 ? (int)(part * 100) : 100,
	    num_format_size(bytes, p->total), rate, left);
	return out;
}

void
progress_show(struct progress *p, uint64_t done, const char *more)
{
	char text[PROGRESS_TEXT];

	if (!log_due())
		return;
	progress_update(p, done, os_monotonic_ms());
	log_progress("%s%s%s", progress_text(p, text),
	    more != NULL ? ", " : "", more != NULL ? more : "");
}
