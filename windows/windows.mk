# Included by the Makefile.  `make windows` runs make again with SYSTEM=win32,
# which sets what differs: compiler, libraries, suffixes.

ifeq ($(SYSTEM),win32)
TRIPLET = x86_64-w64-mingw32
CC = $(TRIPLET)-gcc-posix
AR = $(TRIPLET)-ar
EXE = .exe
SCRIPT = bat
RESOURCE = $(O)/windows/resource.o

DEFS += -D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1 -DCURL_STATICLIB \
	-DXML_STATIC
HARDEN = -fstack-protector-strong
HARDEN_LINK = -static -municode -Wl,--no-insert-timestamp
PKG_CFLAGS = -isystem $(WINDOWS_LIBS)/include
LIBS = -L$(WINDOWS_LIBS)/lib -lpq -lcurl -lssl -lcrypto -lexpat -ljansson \
	-ldeflate -lz -lws2_32 -lcrypt32 -lbcrypt -lgdi32 -lsecur32 -lshell32 \
	-ladvapi32

# UTF-8 as the code page, long paths; what the file properties show
$(RESOURCE): windows/resource.rc windows/manifest.xml
	@mkdir -p $(@D)
	$(call Q,RC)$(TRIPLET)-windres -DVERSION='\"$(VERSION)\"' \
		-DVERSION_NUMBERS='$(subst .,$(comma),$(VERSION).0)' $< $@
comma = ,
endif

# Packages first, then libraries, then our own make for Windows with $1
windows_make = tests/deps.sh windows && libs=$$(windows/libs.sh) && \
	$(MAKE) --no-print-directory SYSTEM=win32 LIBDEFLATE=yes WERROR=1 \
	O=build-windows BIN=build-windows/bin WINDOWS_LIBS="$$libs" $1

windows:
	+@$(call windows_make,all)
	windows/imports.sh build-windows/bin/*.exe

windows-unit: windows
	+@$(call windows_make,unit)

WINDOWS_ZIP = build-windows/pgdumpz-$(VERSION)-windows-x86_64.zip
windows-zip: windows
	libs=$$(windows/libs.sh) && windows/zip.sh build-windows/bin "$$libs" \
		build-windows/zip $(WINDOWS_ZIP)
	windows/zip-check.sh $(WINDOWS_ZIP) $(BUILT)

.PHONY: windows windows-unit windows-zip
