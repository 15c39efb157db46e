/*
 * Children on Windows: each is started in a job of its own, which ends all
 * that live in it when the last handle to it is closed, by us or, when we are
 * killed, by the system. They inherit three handles and no other.
 */
#include "os_win32_private.h"

#include <stdlib.h>
#include <string.h>

int
os_limit_job(HANDLE job, DWORD flags)
{
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit;

	memset(&limit, 0, sizeof(limit));
	limit.BasicLimitInformation.LimitFlags = flags;
	return SetInformationJobObject(job, JobObjectExtendedLimitInformation,
	    &limit, sizeof(limit)) ? 0 : -1;
}

/* -- what it inherits --------------------------------------------------- */

struct inherited {
	HANDLE handles[3];
	DWORD count;
};

/* A handle of the child's for fd, or for our own descriptor number. */
static HANDLE
lend(int fd, int number)
{
	SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
	HANDLE h = os_handle(fd >= 0 ? fd : number), copy;

	if ((fd >= 0 || number != 0) && DuplicateHandle(GetCurrentProcess(), h,
	    GetCurrentProcess(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS))
		return copy;
	if (fd >= 0)
		return INVALID_HANDLE_VALUE;
	return CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ |
	    FILE_SHARE_WRITE, &inherit, OPEN_EXISTING, 0, NULL);
}

static void
take_back(struct inherited *in)
{
	while (in->count > 0)
		if (in->handles[--in->count] != INVALID_HANDLE_VALUE)
			(void)CloseHandle(in->handles[in->count]);
}

static int
lend_all(const struct os_spawn *how, struct inherited *in, struct err *e)
{
	const int fds[] = { how->in, how->out, how->err };

	for (in->count = 0; in->count < 3; in->count++) {
		in->handles[in->count] = lend(fds[in->count],
		    (int)in->count);
		if (in->handles[in->count] == INVALID_HANDLE_VALUE) {
			os_fail_code(e, GetLastError(), "cannot hand a file "
			    "to a child");
			take_back(in);
			return -1;
		}
	}
	return 0;
}

/*
 * The C libraries of Windows tell each other what spawn()'s children have open
 * and that it is no text, where \r\n would be \n and 0x1a the end: by a count,
 * as many bytes of flags, as many handles. A console's stays text.
 * Source: Microsoft's C library, its _spawn() and lowio initialization.
 */
#define CRT_OPEN 0x01
#define CRT_PIPE 0x08
#define CRT_DEVICE 0x40
#define CRT_TEXT 0x80
#define CRT_FILES 3

struct crt_block {
	uint8_t bytes[sizeof(int) + CRT_FILES * (1 + sizeof(HANDLE))];
};

static void
fill_crt_block(struct crt_block *block, const struct inherited *in)
{
	const int count = CRT_FILES;
	uint8_t *flags = block->bytes + sizeof(count);
	DWORD type, i;

	memcpy(block->bytes, &count, sizeof(count));
	for (i = 0; i < CRT_FILES; i++) {
		type = GetFileType(in->handles[i]);
		flags[i] = type == FILE_TYPE_PIPE ? CRT_OPEN | CRT_PIPE :
		    type != FILE_TYPE_CHAR ? CRT_OPEN :
		    CRT_OPEN | CRT_DEVICE | CRT_TEXT;
	}
	memcpy(flags + CRT_FILES, in->handles, sizeof(in->handles));
}

/* -- starting ----------------------------------------------------------- */

struct creation {
	wchar_t *program, *line, *env;
	struct inherited in;
};

#define CREATE_TRIES 3

/* A process of Wine's at times does not come to life under load: try again. */
static BOOL
call_system(const struct creation *c, DWORD flags, STARTUPINFOW *start,
	PROCESS_INFORMATION *info)
{
	int tries = CREATE_TRIES;
	BOOL ok;

	do
		ok = CreateProcessW(c->program, c->line, NULL, NULL, TRUE,
		    flags, c->env, NULL, start, info);
	while (!ok && GetLastError() == ERROR_INTERNAL_ERROR && --tries > 0);
	return ok;
}

/* Suspended, so that it is in its job before it does anything. */
static DWORD
create(const struct os_proc *p, struct creation *c, PROCESS_INFORMATION *info)
{
	DWORD flags = CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT |
	    EXTENDED_STARTUPINFO_PRESENT;
	STARTUPINFOEXW start;
	SIZE_T size = 0;
	struct crt_block block;
	DWORD code = 0;

	fill_crt_block(&block, &c->in);
	memset(&start, 0, sizeof(start));
	start.StartupInfo.cb = sizeof(start);
	start.StartupInfo.cbReserved2 = sizeof(block);
	start.StartupInfo.lpReserved2 = block.bytes;
	start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
	start.StartupInfo.hStdInput = c->in.handles[0];
	start.StartupInfo.hStdOutput = c->in.handles[1];
	start.StartupInfo.hStdError = c->in.handles[2];
	if (p->own_console)
		flags |= CREATE_NO_WINDOW;
	else if (p->group)
		flags |= CREATE_NEW_PROCESS_GROUP;
	(void)InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	start.lpAttributeList = malloc(size);
	if (start.lpAttributeList == NULL || !InitializeProcThreadAttributeList(
	    start.lpAttributeList, 1, 0, &size)) {
		free(start.lpAttributeList);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	if (!UpdateProcThreadAttribute(start.lpAttributeList, 0,
	    PROC_THREAD_ATTRIBUTE_HANDLE_LIST, c->in.handles,
	    c->in.count * sizeof(c->in.handles[0]), NULL, NULL) ||
	    !call_system(c, flags, &start.StartupInfo, info))
		code = GetLastError();
	DeleteProcThreadAttributeList(start.lpAttributeList);
	free(start.lpAttributeList);
	return code;
}

static DWORD
start_in_job(struct os_proc *p, const PROCESS_INFORMATION *info)
{
	DWORD code = 0;

	p->process = info->hProcess;
	p->id = info->dwProcessId;
	p->job = CreateJobObjectW(NULL, NULL);
	if (p->job == NULL ||
	    os_limit_job(p->job, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE) != 0 ||
	    !AssignProcessToJobObject(p->job, p->process) ||
	    ResumeThread(info->hThread) == (DWORD)-1) {
		code = GetLastError();
		(void)TerminateProcess(p->process, OS_KILLED);
	}
	(void)CloseHandle(info->hThread);
	return code;
}

struct os_proc *
os_spawn(const struct os_spawn *how, struct err *e)
{
	const char *name = how->shell != NULL ? "cmd.exe" : how->argv[0];
	struct os_proc *p = calloc(1, sizeof(*p));
	struct creation c = { .program = NULL };
	PROCESS_INFORMATION info = { .hProcess = NULL };
	DWORD code = ERROR_NOT_ENOUGH_MEMORY;

	if (p == NULL) {
		os_fail(e, "cannot start '%s'", name);
		return NULL;
	}
	err_escape(p->name, sizeof(p->name), name, strlen(name));
	p->group = how->own_group;
	p->own_console = GetConsoleCP() == 0;	/* we have none to share */
	if (os_make_command(how, &c.program, &c.line, e) == 0 &&
	    (c.env = os_make_environment(how->env, e)) != NULL &&
	    lend_all(how, &c.in, e) == 0) {
		code = create(p, &c, &info);
		if (code == 0)
			code = start_in_job(p, &info);
		if (code != 0)
			os_fail_code(e, code, "cannot run '%s'", p->name);
	}
	take_back(&c.in);
	free(c.env);
	free(c.line);
	free(c.program);
	if (code == 0)
		return p;
	os_proc_free(p);
	return NULL;
}
