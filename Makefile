# pgdumpz: PostgreSQL backups as a Unix pipeline.
#
#   make            the tools, into bin/
#   make install    to PREFIX (/usr/local) below DESTDIR: man pages, systemd
#                   units, and into SYSCONFDIR (/etc) example and logrotate
#   make deps       what build, demo and tests need (Debian; as root)
#   make demo       the main job on throw-away servers
#   make check      the tests
#   make check-versions   on PostgreSQL 10 to 18, fetched by npm
#   make lint       style, floors, shell, man pages, static analysis
#   make bench      against peers
#   make windows    tools for Windows: see windows/README.md
#
# LIBDEFLATE=no builds without libdeflate, WERROR=1 makes warnings errors,
# O and BIN name other directories for objects and executables, V=1 shows
# the commands in full.

VERSION = 0.1.0
PREFIX ?= /usr/local
MANDIR ?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SHAREDIR = $(PREFIX)/share/pgdumpz
O ?= build
BIN ?= bin
TOOLS = pgdumpz pgrestorez gzverify s3put s3get s3ls s3prune s3bucket \
	keeplocal auditlog alertmail pingurl withconf step

PKG_CONFIG ?= pkg-config
PKGS = libpq zlib libcurl libcrypto expat jansson
LIBDEFLATE ?= $(shell $(PKG_CONFIG) --exists libdeflate 2>/dev/null && \
	echo yes || echo no)
ifeq ($(LIBDEFLATE),yes)
PKGS += libdeflate
DEFS += -DHAVE_LIBDEFLATE
endif

WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla -Wundef
ifdef WERROR
WARN += -Werror
endif
CFLAGS ?= -O2 -g
DEFS += -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 \
	-DPGDUMPZ_VERSION='"$(VERSION)"'
HARDEN = -fstack-protector-strong -fPIE
ALL_CFLAGS = -std=c11 -pthread $(DEFS) -Ilib -include lib/banned.h $(WARN) \
	$(HARDEN) $(PKG_CFLAGS) $(CFLAGS) $(EXTRA_CFLAGS)
HARDEN_LINK = -pie -Wl,-z,relro,-z,now
ALL_LDFLAGS = $(HARDEN_LINK) $(LDFLAGS)
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PKGS))
LIBS = $(shell $(PKG_CONFIG) --libs $(PKGS))

# the system that is built for; for win32, windows.mk sets some of these anew
SYSTEM = posix
EXE =
SCRIPT = sh
RESOURCE =
.DEFAULT_GOAL = all
include windows/windows.mk

LIB_OBJS = $(patsubst %.c,$(O)/%.o,$(filter-out lib/os_%,$(wildcard lib/*.c)) \
	$(wildcard lib/os_$(SYSTEM)*.c))
SCRIPTS = $(notdir $(wildcard bin/*.$(SCRIPT) bin/*.sql))
BUILT = $(foreach t,$(TOOLS),$(if $(wildcard $t/main.c),$t))
UNIT = $(patsubst tests/unit/%.c,$(O)/unit/%$(EXE),\
	$(wildcard tests/unit/test_*.c))
objs_of = $(patsubst %.c,$(O)/%.o,$(wildcard $1/*.c))

ifeq ($(V)$(findstring s,$(firstword -$(MAKEFLAGS))),)
Q = @printf '  %-5s %s\n' $1 $@;
endif

all: $(BUILT:%=$(BIN)/%$(EXE)) $(SCRIPTS:%=$(BIN)/%)
unit: $(UNIT)

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call Q,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# a change of compiler or flags rebuilds everything
$(O)/flags: FORCE
	@mkdir -p $(O)
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS))' | cmp -s - $@ || \
	echo '$(CC) $(subst ','\'',$(ALL_CFLAGS))' >$@
FORCE:

$(O)/lib.a: $(LIB_OBJS)
	@rm -f $@
	$(call Q,AR)$(AR) rcs $@ $(LIB_OBJS)

define tool_rule
$(BIN)/$1$(EXE): $(call objs_of,$1) $(RESOURCE) $(O)/lib.a
	@mkdir -p $$(@D)
	$$(call Q,LINK)$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach t,$(BUILT),$(eval $(call tool_rule,$t)))

# a unit test may reach into a tool: the objects of all but their main.c
TOOL_OBJS = $(foreach t,$(TOOLS),$(filter-out %/main.o,$(call objs_of,$t)))
UNIT_COMMON = $(patsubst %.c,$(O)/%.o,$(filter-out tests/unit/test_%\
	tests/unit/sys_%,$(wildcard tests/unit/*.c)) \
	tests/unit/sys_$(SYSTEM).c)
$(UNIT): $(O)/unit/%$(EXE): $(O)/tests/unit/%.o $(UNIT_COMMON) $(TOOL_OBJS) \
		$(RESOURCE) $(O)/lib.a
	@mkdir -p $(@D)
	$(call Q,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(O)/tests/unit/%.o: private ALL_CFLAGS += -I.

# scripts find the tools beside themselves
ifneq ($(abspath $(BIN)),$(abspath bin))
$(BIN)/%.sh: bin/%.sh
	@mkdir -p $(@D)
	$(call Q,COPY)cp $< $@
$(BIN)/%.sql: bin/%.sql
	@mkdir -p $(@D)
	$(call Q,COPY)cp $< $@
endif
$(BIN)/%.bat: bin/%.bat
	@mkdir -p $(@D)
	$(call Q,COPY)sed 's/\r*$$/\r/' $< >$@

# pipe2, execvpe, memfd_create, O_TMPFILE; elsewhere the POSIX forms are wanted
$(O)/lib/os_posix_proc.o $(O)/lib/os_posix_secret.o $(O)/lib/os_posix_file.o: \
	private ALL_CFLAGS += -D_GNU_SOURCE

# but step, which only the drivers of Windows use
install: all
	mkdir -p $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(MANDIR)/man1 \
		$(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man7
	for t in $(filter-out step,$(BUILT)); do \
		install -m 755 $(BIN)/$$t $(DESTDIR)$(PREFIX)/bin/ || exit 1; \
	done
	install -m 644 $(filter-out man/step.1,$(wildcard man/*.1)) \
		$(DESTDIR)$(MANDIR)/man1/
	install -m 644 $(wildcard man/*.5) $(DESTDIR)$(MANDIR)/man5/
	install -m 644 $(wildcard man/*.7) $(DESTDIR)$(MANDIR)/man7/
	install -m 755 $(wildcard bin/*-db.sh) $(DESTDIR)$(PREFIX)/bin/
	install -d $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(UNITDIR) \
		$(DESTDIR)$(SYSCONFDIR)/pgdumpz \
		$(DESTDIR)$(SYSCONFDIR)/logrotate.d
	install -m 644 $(filter-out %-db.sh,$(wildcard bin/*.sh bin/*.sql)) \
		$(DESTDIR)$(SHAREDIR)/
	install -m 644 etc/backup.conf.example \
		$(DESTDIR)$(SYSCONFDIR)/pgdumpz/
	install -m 644 etc/logrotate $(DESTDIR)$(SYSCONFDIR)/logrotate.d/pgdumpz
	for u in $(notdir $(wildcard etc/*.service etc/*.timer)); do \
		sed -e 's,@BINDIR@,$(PREFIX)/bin,' -e '/@HARDENING@/{' \
			-e 'r etc/hardening' -e 'd' -e '}' etc/$$u \
			>$(DESTDIR)$(UNITDIR)/$$u && \
		chmod 644 $(DESTDIR)$(UNITDIR)/$$u || exit 1; \
	done

clean:
	rm -rf $(O) build-* $(TOOLS:%=$(BIN)/%)

-include tests/tests.mk
-include $(shell find $(O) -name '*.d' 2>/dev/null)

.PHONY: all unit install clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
