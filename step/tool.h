/*
 * A tool is run to its end, by no shell.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"
#include "place.h"

/* What a step that can't do its work ends with: no tool has this status. */
#define TOOL_CANNOT 125
/* And a tool whose time was over. */
#define TOOL_LATE 124

struct tool {
	const char *in, *out, *err;	/* files of the run, or NULL: ours */
	const char *in_path;		/* of any file, before in; or NULL */
	bool append_err;
	int64_t seconds;		/* 0: no limit */
	bool is_script;			/* its one argument is for the shell */
	struct opt_list env;		/* as in struct os_spawn */
	struct opt_list args;
};

/*
 * Run it; its exit status, TOOL_LATE, TOOL_CANNOT, or -1 with e filled. Why it
 * is late or could not be run stands in its err, as if it had said so.
 */
int tool_run(const struct place *p, const struct tool *t, struct err *e);

#endif
