/*
 * A pipeline of Windows programs over real pipes, for the tests: cmd.exe of
 * Wine runs the stages one after the other through files. A stage can be
 * terminated in the middle, or Ctrl-C pressed; what each returned is reported
 * whole, where a Unix parent sees a byte of it.
 *
 *	pipe.exe [OPTION]... COMMAND ARG... [:: COMMAND ARG...]...
 *
 *	-i, -o	the first stage's input (else ours), the last one's output
 *	-r	a file for a line of each stage, its exit status in decimal
 *	-s	KEY=VALUE, a variable of the stages' environment
 *	-k, -c	STAGE@WHEN: terminate this stage (1 is the first), press Ctrl-C
 *		for all of them, when so many milliseconds have passed (500ms),
 *		the stage has written so many bytes (300000b), which then go no
 *		further until it has been done, or a file of that name is there
 *
 * The exit status is the last stage's.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include <windows.h>
#include <shellapi.h>

#define STAGES 8
#define LINE_CHARS 32768
#define KILLED_STATUS 99

enum how { NOTHING, TERMINATE, CTRL_C };

struct ends {
	HANDLE in, out;		/* of the whole pipeline */
	FILE *report;
};

struct event {
	enum how how;
	int stage;		/* 0 is the first */
	const wchar_t *when;
};

struct relay {
	HANDLE from, to;
	unsigned long long hold_at;	/* let so many bytes through, then */
	HANDLE reached, done;		/* tell, and wait for this */
};

static struct event event;
static struct relay relay;
static HANDLE stderr_handle, processes[STAGES];
static int count;

static void fail(const char *what)
{
	fprintf(stderr, "pipe: %s: error %lu\n", what, GetLastError());
	exit(98);
}

/* As the C library of the child takes a command line apart again. */
static void append_quoted(wchar_t *line, const wchar_t *arg)
{
	wchar_t *out = line + wcslen(line);
	size_t slashes = 0;

	if (out != line)
		*out++ = L' ';
	if (*arg != L'\0' && wcspbrk(arg, L" \t\"") == NULL) {
		wcscpy(out, arg);
		return;
	}
	*out++ = L'"';
	for (; *arg != L'\0'; arg++) {
		if (*arg == L'"')
			while (slashes-- > 0)
				*out++ = L'\\';
		slashes = *arg == L'\\' ? slashes + 1 : 0;
		if (*arg == L'"')
			*out++ = L'\\';
		*out++ = *arg;
	}
	while (slashes-- > 0)
		*out++ = L'\\';
	*out++ = L'"';
	*out = L'\0';
}

static HANDLE open_file(const wchar_t *name, DWORD access, DWORD how)
{
	SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, TRUE};
	HANDLE h = CreateFileW(name, access,
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &inherit,
	    how, FILE_ATTRIBUTE_NORMAL, NULL);

	if (h == INVALID_HANDLE_VALUE)
		fail("cannot open a file");
	return h;
}

static void make_pipe(HANDLE *from, HANDLE *to)
{
	if (!CreatePipe(from, to, NULL, 65536))
		fail("cannot make a pipe");
}

static void let_inherit(HANDLE h, bool yes)
{
	if (!SetHandleInformation(h, HANDLE_FLAG_INHERIT,
	    yes ? HANDLE_FLAG_INHERIT : 0))
		fail("cannot pass a handle on");
}

/* Each stage gets its own two handles and not those of the others. */
static void start(wchar_t *line, HANDLE in, HANDLE out)
{
	STARTUPINFOW how = {.cb = sizeof(how), .dwFlags = STARTF_USESTDHANDLES};
	PROCESS_INFORMATION made;

	how.hStdInput = in;
	how.hStdOutput = out;
	how.hStdError = stderr_handle;
	let_inherit(in, true);
	let_inherit(out, true);
	let_inherit(how.hStdError, true);
	if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &how,
	    &made))
		fail("cannot start a stage");
	let_inherit(in, false);
	let_inherit(out, false);
	CloseHandle(made.hThread);
	processes[count++] = made.hProcess;
}

static DWORD WINAPI run_relay(void *unused)
{
	static char data[65536];
	unsigned long long passed = 0;
	DWORD size, written;

	(void)unused;
	while (ReadFile(relay.from, data, sizeof(data), &size, NULL) &&
	    size > 0) {
		if (passed < relay.hold_at && passed + size >= relay.hold_at) {
			SetEvent(relay.reached);
			WaitForSingleObject(relay.done, INFINITE);
		}
		passed += size;
		if (!WriteFile(relay.to, data, size, &written, NULL))
			break;
	}
	SetEvent(relay.reached);
	CloseHandle(relay.from);
	CloseHandle(relay.to);
	return 0;
}

/* The stage's output goes through us, so that its bytes can be counted. */
static HANDLE begin_relay(HANDLE to)
{
	HANDLE out;

	make_pipe(&relay.from, &out);
	relay.to = to;
	relay.hold_at = _wcstoui64(event.when, NULL, 10);
	relay.reached = CreateEventW(NULL, TRUE, FALSE, NULL);
	relay.done = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (CreateThread(NULL, 0, run_relay, NULL, 0, NULL) == NULL)
		fail("cannot start a thread");
	return out;
}

static bool counts_bytes(void)
{
	return event.how != NOTHING && event.when[wcslen(event.when) - 1] == L'b';
}

static void await_event(void)
{
	size_t last = wcslen(event.when) - 1;

	if (counts_bytes()) {
		WaitForSingleObject(relay.reached, INFINITE);
	} else if (wcschr(L"0123456789", event.when[0]) != NULL &&
	    event.when[last] == L's') {
		Sleep(wcstoul(event.when, NULL, 10));
	} else {
		while (GetFileAttributesW(event.when) == INVALID_FILE_ATTRIBUTES)
			Sleep(20);
	}
}

static void act(void)
{
	await_event();
	if (event.how == TERMINATE) {
		if (!TerminateProcess(processes[event.stage], KILLED_STATUS))
			fail("cannot terminate the stage");
		WaitForSingleObject(processes[event.stage], INFINITE);
	} else if (!SetConsoleCtrlHandler(NULL, TRUE) ||
	    !GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) {
		fail("cannot press Ctrl-C");
	}
	if (relay.done != NULL)
		SetEvent(relay.done);
}

/* Start the stages of argv, which :: separates. */
static void start_all(wchar_t **argv, HANDLE in, HANDLE out)
{
	static wchar_t line[LINE_CHARS];

	while (*argv != NULL) {
		HANDLE next_in = NULL, my_out = out;

		line[0] = L'\0';
		for (; *argv != NULL && wcscmp(*argv, L"::") != 0; argv++)
			append_quoted(line, *argv);
		if (*argv != NULL) {
			argv++;
			make_pipe(&next_in, &my_out);
		}
		if (counts_bytes() && event.stage == count)
			my_out = begin_relay(my_out);
		start(line, in, my_out);
		CloseHandle(in);
		CloseHandle(my_out);
		in = next_in;
	}
}

static void take_event(enum how how, const wchar_t *text)
{
	wchar_t *end;

	event.how = how;
	event.stage = (int)wcstol(text, &end, 10) - 1;
	event.when = end + 1;
}

static void take_option(wchar_t letter, wchar_t *value, struct ends *ends)
{
	wchar_t *equals;

	switch (letter) {
	case L'i':
		ends->in = open_file(value, GENERIC_READ, OPEN_EXISTING);
		break;
	case L'o':
		ends->out = open_file(value, GENERIC_WRITE, CREATE_ALWAYS);
		break;
	case L'r':
		if ((ends->report = _wfopen(value, L"wb")) == NULL)
			fail("cannot write the report");
		break;
	case L's':
		equals = wcschr(value, L'=');
		*equals = L'\0';
		SetEnvironmentVariableW(value, equals + 1);
		break;
	default:
		take_event(letter == L'k' ? TERMINATE : CTRL_C, value);
	}
}

/* One of our own, so that nobody else hears of Ctrl-C. */
static void take_console(void)
{
	FreeConsole();
	if (!AllocConsole())
		fail("cannot make a console");
}

static DWORD await_all(FILE *report)
{
	DWORD status = 0;
	int i;

	for (i = 0; i < count; i++) {
		WaitForSingleObject(processes[i], INFINITE);
		GetExitCodeProcess(processes[i], &status);
		if (report != NULL)
			fprintf(report, "%ld\n", (long)status);
	}
	if (report != NULL)
		fclose(report);
	return status;
}

int main(void)
{
	struct ends ends = {
		GetStdHandle(STD_INPUT_HANDLE), GetStdHandle(STD_OUTPUT_HANDLE),
		NULL,
	};
	wchar_t **argv;
	int argc, i;

	stderr_handle = GetStdHandle(STD_ERROR_HANDLE);
	argv = CommandLineToArgvW(GetCommandLineW(), &argc);
	for (i = 1; i + 1 < argc && argv[i][0] == L'-'; i += 2)
		take_option(argv[i][1], argv[i + 1], &ends);
	if (i >= argc) {
		fprintf(stderr, "pipe: see the head of pipe.c\n");
		return 2;
	}
	if (event.how == CTRL_C)
		take_console();
	start_all(argv + i, ends.in, ends.out);
	if (event.how != NOTHING)
		act();
	return (int)await_all(ends.report);
}
