/*
 * Who may read and write a file. Windows keeps a list of rights for users and
 * groups; SYSTEM and the Administrators can do what root can, so they are not
 * counted as others. The counterpart of mode 0600 is a list without anybody
 * else that inherits nothing from the directory.
 */
#include "os_win32_private.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>

#define ACCESS_READ (FILE_READ_DATA | GENERIC_READ)
#define ACCESS_WRITE (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | \
	DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_WRITE)
#define ACCESS_ANY (ACCESS_READ | ACCESS_WRITE | GENERIC_ALL | MAXIMUM_ALLOWED)
#define SDDL_CHARS 400

/* The user we run as, to free; NULL on failure. */
static TOKEN_USER *
get_user(void)
{
	TOKEN_USER *user = NULL;
	DWORD size = 0;
	HANDLE token;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return NULL;
	(void)GetTokenInformation(token, TokenUser, NULL, 0, &size);
	if (size > 0 && (user = malloc(size)) != NULL &&
	    !GetTokenInformation(token, TokenUser, user, size, &size)) {
		free(user);
		user = NULL;
	}
	(void)CloseHandle(token);
	return user;
}

/* A descriptor by a list in SDDL, "" or more entries beside the usual ones. */
static PSECURITY_DESCRIPTOR
make_descriptor(const wchar_t *more, struct err *e)
{
	PSECURITY_DESCRIPTOR descriptor = NULL;
	TOKEN_USER *user = get_user();
	wchar_t text[SDDL_CHARS], *name = NULL;

	if (user != NULL && ConvertSidToStringSidW(user->User.Sid, &name)) {
		(void)swprintf(text, SDDL_CHARS,
		    L"D:P(A;;FA;;;%ls)(A;;FA;;;SY)(A;;FA;;;BA)%ls", name, more);
		(void)ConvertStringSecurityDescriptorToSecurityDescriptorW(
		    text, SDDL_REVISION_1, &descriptor, NULL);
	}
	if (descriptor == NULL)
		os_fail_code(e, GetLastError(), "cannot make rights for a "
		    "file");
	if (name != NULL)
		(void)LocalFree(name);
	free(user);
	return descriptor;
}

SECURITY_ATTRIBUTES *
os_owner_only(struct err *e)
{
	static SECURITY_ATTRIBUTES attributes = { sizeof(attributes), NULL,
		FALSE };
	static SRWLOCK lock = SRWLOCK_INIT;

	AcquireSRWLockExclusive(&lock);
	if (attributes.lpSecurityDescriptor == NULL)
		attributes.lpSecurityDescriptor = make_descriptor(L"", e);
	ReleaseSRWLockExclusive(&lock);
	return attributes.lpSecurityDescriptor != NULL ? &attributes : NULL;
}

static int
set_list(int fd, const wchar_t *more, struct err *e)
{
	PSECURITY_DESCRIPTOR descriptor = make_descriptor(more, e);
	BOOL present, defaulted;
	DWORD code;
	ACL *list;

	if (descriptor == NULL)
		return -1;
	(void)GetSecurityDescriptorDacl(descriptor, &present, &list,
	    &defaulted);
	code = SetSecurityInfo(os_handle(fd), SE_FILE_OBJECT,
	    DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
	    NULL, NULL, list, NULL);
	(void)LocalFree(descriptor);
	return code == 0 ? 0 :
	    os_fail_code(e, code, "cannot change the rights of a file");
}

int
os_make_private(int fd, struct err *e)
{
	return set_list(fd, L"", e);
}

int
os_make_readable(int fd, struct err *e)
{
	return set_list(fd, L"(A;;FR;;;WD)", e);
}

/* -- judging ------------------------------------------------------------ */

/* As root is on other systems. */
static bool
is_administrator(PSID who)
{
	return IsWellKnownSid(who, WinLocalSystemSid) ||
	    IsWellKnownSid(who, WinBuiltinAdministratorsSid);
}

static bool
is_own(PSID who, PSID owner, PSID us)
{
	return EqualSid(who, owner) || EqualSid(who, us) ||
	    IsWellKnownSid(who, WinCreatorOwnerSid) ||
	    IsWellKnownSid(who, WinCreatorOwnerRightsSid);
}

/*
 * The rights that the list gives to others. What it denies is not looked at:
 * that can only make a file more private than it seems.
 */
static DWORD
rights_of_others(ACL *list, PSID owner, PSID us)
{
	const ACCESS_ALLOWED_ACE *entry;
	DWORD rights = 0, i;
	void *p;
	PSID who;

	for (i = 0; i < list->AceCount; i++) {
		if (!GetAce(list, i, &p))
			return ACCESS_ANY;
		entry = p;
		if ((entry->Header.AceFlags & INHERIT_ONLY_ACE) != 0 ||
		    entry->Header.AceType == ACCESS_DENIED_ACE_TYPE)
			continue;
		if (entry->Header.AceType != ACCESS_ALLOWED_ACE_TYPE)
			return ACCESS_ANY;	/* a rule we can't judge */
		who = (PSID)(uintptr_t)&entry->SidStart;
		if (!is_administrator(who) && !is_own(who, owner, us))
			rights |= entry->Mask;
	}
	return rights;
}

/* Where there are no lists (FAT), the file is everybody's. */
void
os_judge_access(HANDLE h, struct os_stat *st)
{
	PSECURITY_DESCRIPTOR descriptor = NULL;
	TOKEN_USER *user = get_user();
	ACL *list = NULL;
	PSID owner = NULL;
	DWORD rights;

	if (user != NULL && GetSecurityInfo(h, SE_FILE_OBJECT,
	    OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner,
	    NULL, &list, NULL, &descriptor) == 0 && list != NULL &&
	    owner != NULL) {
		rights = rights_of_others(list, owner, user->User.Sid);
		st->is_private = (rights & ACCESS_ANY) == 0;
		st->is_guarded = (rights & (ACCESS_WRITE | GENERIC_ALL |
		    MAXIMUM_ALLOWED)) == 0 && (is_administrator(owner) ||
		    EqualSid(owner, user->User.Sid));
	}
	if (descriptor != NULL)
		(void)LocalFree(descriptor);
	free(user);
}
