# Included by the Makefile, whose variables it uses: CC, O, BIN, TOOLS, CFLAGS,
# EXTRA_CFLAGS.  Tests build by a make of their own, so that `make deps check`
# looks for libraries after they have been installed.

BUILD = $(MAKE) --no-print-directory all unit
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

deps:
	tests/deps.sh

check:
	$(BUILD)
	O=$(O) BIN=$(BIN) tests/run

# AddressSanitizer (leaks too) and UndefinedBehaviorSanitizer; static, gcc's
# take a third less of each process's time
check-sanitize:
	$(BUILD) O=build-asan BIN=build-asan/bin CFLAGS='-O1 -g' \
		EXTRA_CFLAGS='$(EXTRA_CFLAGS) $(SANITIZE)' \
		LDFLAGS='$(LDFLAGS) -static-libasan -static-libubsan'
	TEST_INSTRUMENTED=1 O=build-asan BIN=build-asan/bin \
		tests/run --without unsanitized

# the unit tests, and scenarios that ask for it by a line "# valgrind"
check-valgrind:
	$(BUILD)
	O=$(O) BIN=$(BIN) tests/valgrind.sh

# the .exe files and .bat drivers, under Wine
check-windows: build-windows/pipe.exe
	tests/deps.sh check-windows
	$(BUILD)
	$(MAKE) --no-print-directory windows windows-unit
	WINDOWS_PG_BIN="$$(windows/libs.sh)/bin" O=build-windows UNIX_BIN=$(abspath $(BIN)) \
		WINDOWS_BIN=$(abspath build-windows/bin) tests/run build-windows/unit/*.exe tests/windows/*.t

build-windows/pipe.exe: tests/windows/pipe.c
	tests/deps.sh windows
	@mkdir -p $(@D)
	$(call Q,LINK)x86_64-w64-mingw32-gcc-posix -std=c11 $(WARN) -Werror -O2 \
		-o $@ $< -lshell32

# on servers of every major version, which are fetched when they are missing
check-versions:
	tests/deps.sh versions
	$(BUILD)
	O=$(O) BIN=$(BIN) tests/run tests/versions/versions.t

# PostgreSQL's own test databases; their sources are fetched when they are missing
check-regression:
	$(BUILD)
	tests/regression/source.sh build-postgresql
	REGRESSION_SOURCE=build-postgresql/src O=$(O) BIN=$(BIN) \
		tests/run tests/regression/regression.t

demo:
	$(MAKE) --no-print-directory all
	BIN=$(BIN) tests/demo.sh

bench:
	tests/deps.sh bench
	$(MAKE) --no-print-directory all
	BIN=$(BIN) tests/bench.sh

lint:
	$(MAKE) --no-print-directory all
	@BIN=$(BIN) LINT_CFLAGS='-std=c11 -D_GNU_SOURCE $(subst ','\'',$(DEFS)) -Ilib -I. \
		-include lib/banned.h $(shell $(PKG_CONFIG) --cflags $(PKGS))' \
		tests/lint/all

.PHONY: deps check check-sanitize check-valgrind check-windows \
	check-versions check-regression demo bench lint

-include tests/fuzz/fuzz.mk
