@echo off
rem A database back from its backup, or the proof that it could be: list,
rem restore, drill.  See restore-db(1) and pgdumpz.conf(5).  It does what
rem restore-db.sh does, in the same order, by the same tools.
rem
rem   again ............ run again by withconf, with our options as variables
rem   start_run ........ the beginning
rem   check_ ........... preflight: each is called unless one before it gave up
rem   each_source ...... list_one, restore_one or drill_one for every database
rem   choose_backup .... which one is meant
rem   load ............. out of where it lies, into a server
rem   look_at_target ... the database that is restored into
rem   conclude ......... what came of it, and the evidence
rem   stopped .......... a run was stopped before its end
rem   end_run .......... who is told: mail
rem
rem How it is written: see backup-db.bat.  OPT_MODE, OPT_ONLY and OPT_LIMIT are
rem made by "step again": restore, list or drill; local or remote; a date.
setlocal EnableExtensions DisableDelayedExpansion
set "PATH=%~dp0;%PATH%"
set NoDefaultCurrentDirectoryInExePath=1
if not "%STEP_DRIVER%" == "restore-db" goto again
if defined OPT_HELP goto usage
if defined OPT_VERSION goto version

for %%v in (over flags records) do set "%%v="
set words=said
for /f %%k in ('step empty BACKUP_DIR S3_BUCKET ALERT_EMAIL LOG_FILE DECRYPT_CMD OPT_ONLY OPT_LIMIT PGCONNECT_TIMEOUT') do set "%%k="
if not defined PGCONNECT_TIMEOUT set PGCONNECT_TIMEOUT=30
if defined OPT_NO_OWNER set flags=%flags% --no-owner
if defined OPT_NO_ACL set flags=%flags% --no-acl
if not defined OPT_NO_VERIFY set flags=%flags% --verify --json
set psql=-s PGCLIENTENCODING=SQL_ASCII {psql} -XAtqw
rem a listing is not an event, and who restores looks on
if "%OPT_MODE%" == "list" set OPT_QUIET=yes
if "%OPT_MODE%" == "list" set LOG_FILE=
if not "%OPT_MODE%" == "drill" set ALERT_EMAIL=

call :start_run
if not %ERRORLEVEL% == 0 goto no_place
if defined OPT_STOPPED goto stopped
for %%c in (tools places sources) do if not defined over call :check_%%c
if not defined over call :each_source %OPT_MODE%_one
goto end_run

rem --- options

:again
step again "%~f0" "d/dbname= drill list n/name= before= local remote globals y/yes no-verify O/no-owner x/no-acl max-age= BACKUP +stopped" %*
exit /b %ERRORLEVEL%

:usage
echo usage: restore-db.bat [OPTION]... -d DATABASE [BACKUP]
echo        restore-db.bat [OPTION]... --drill [BACKUP]
echo        restore-db.bat [OPTION]... --list
echo Restore a database, or prove that it could be restored. BACKUP is a name from
echo the list, a path or an s3:// URI; the newest one, unless it is given.
echo:
echo   -d, --dbname=DATABASE  restore into DATABASE, compared with the backup
echo       --drill            restore what is in the bucket into a scratch
echo                          database, compare all rows, drop it, keep evidence
echo       --list             list the backups that there are
echo   -n, --name=NAME        those of the database NAME (of DB_NAME)
echo       --before=TIME      only older ones: "YYYY-MM-DD hh:mm", in UTC
echo       --local            only those in BACKUP_DIR
echo       --remote           only those in S3_BUCKET
echo       --globals          restore the newest roles and tablespaces first
echo   -y, --yes              do not ask before replacing a database
echo       --no-verify        do not compare with the backup
echo   -O, --no-owner         whoever restores will own everything
echo   -x, --no-acl           no GRANT, no REVOKE
echo       --max-age=AGE      a drill fails if the newest is older (26h)
echo   -c, --config=FILE      the configuration (PGDUMPZ_CONF,
echo                          %%ProgramData%%\pgdumpz\backup.conf)
echo   -o, --option=KEY=VALUE goes before what FILE says; in double quotes
echo   -q, --quiet            only warnings and errors on standard error
echo       --help             print this
echo   -V, --version          print the version
exit /b 0

:version
for /f "tokens=3" %%v in ('auditlog --version') do echo restore-db %%v
exit /b 0

rem --- the beginning

:start_run
step begin
if not %ERRORLEVEL% == 0 exit /b 1
set verdict=0
step clear nothing sum
if defined BACKUP_DIR step keep records {BACKUP_DIR}/backup.restores.jsonl
if defined BACKUP_DIR set records=yes
if defined LOG_FILE step keep records {LOG_FILE}.restores.jsonl
if defined LOG_FILE set records=yes
if defined OPT_STOPPED exit /b 0
step clear into kept loading ready
step keep asked {OPT_BACKUP}
step keep limit {OPT_LIMIT}
step event run.start version={version} host={host} user={user} config={PGDUMPZ_CONF}
exit /b 0

rem Log and mail can do without a directory of the run.
:no_place
auditlog event temp.failed level=error "reason=no directory can be made for this run" "hint=make room for a directory there, or set TMPDIR"
if defined ALERT_EMAIL echo no directory can be made for the files of this run| step run alertmail -s "drill on {COMPUTERNAME}: the server, a program or the disk failed" {words:ALERT_EMAIL}
exit /b 3

rem --- preflight

:check_tools
step tools withconf pgrestorez gzverify s3get s3ls auditlog alertmail
set status=%ERRORLEVEL%
if %status% == 0 exit /b
if %status% == 2 call :give_up tool.version tool={tool} "reason=it is not of version {version}" "hint=install all the tools anew"
if not defined over call :give_up tool.missing tool={tool} "hint=install all the tools into one directory"
exit /b

:check_places
if not defined BACKUP_DIR if not defined S3_BUCKET call :bad_configuration "reason=there is neither BACKUP_DIR nor S3_BUCKET" "hint=set where backups are"
if defined over exit /b
if "%OPT_ONLY%" == "remote" if not defined S3_BUCKET call :bad_configuration "reason=there is no S3_BUCKET" "hint=set it; a drill reads what is there"
if "%OPT_ONLY%" == "local" if not defined BACKUP_DIR call :bad_configuration "reason=there is no BACKUP_DIR" "hint=set it, or leave out --local"
exit /b

:check_sources
step sources
if not %ERRORLEVEL% == 0 call :bad_configuration "reason=DB_NAME names several databases" "hint=say whose backup is meant: --name NAME"
exit /b

rem --- what is done, with {db}, {label} and {name}

:each_source
set number=0
:next_source
set /a number+=1
step source %number%
set status=%ERRORLEVEL%
if %status% == 1 goto no_source
if not %status% == 0 goto lost_source
call :%1
if defined over exit /b
goto next_source
:lost_source
call :fail 3 run.failed "reason=the files of this run can't be read"
exit /b
rem A list tells of the roles, too.
:no_source
if not "%1" == "list_one" exit /b
if defined OPT_NAME exit /b
step source 0
call :list_one
exit /b

:list_one
call :list_there
step list
if not %listed% == 0 call :list_failed
exit /b

:restore_one
call :choose_backup
if not defined chosen exit /b
call :look_at_target
if defined over exit /b
if defined exists if not defined OPT_YES call :ask
if defined over exit /b
if defined OPT_GLOBALS call :restore_globals
if not defined chosen exit /b
step event restore.start db={db} backup={where} into={into}
set into=--dbname={dbname:fresh}
call :load
if not %loaded% == 0 step clear kept
if %loaded% == 0 if defined exists call :take_place
call :conclude
exit /b

:drill_one
call :choose_backup
if not defined chosen goto no_drill
set stale=
if not defined OPT_BACKUP if not defined OPT_LIMIT call :check_age
step event drill.start db={db} backup={where}
step keep into scratch
set into=--scratch
call :load
call :conclude
exit /b
:no_drill
if defined over exit /b
call :add_record action=drill db={db} verdict=failed exit=%verdict% reason={reason:failures} host={host}
exit /b

rem --- which backups there are

rem {out} becomes what the bucket has; what is in BACKUP_DIR is looked at later.
:list_there
set listed=0
step clear out
if "%OPT_ONLY%" == "local" exit /b
if not defined S3_BUCKET exit /b
step run -k s3ls --name={label}
set listed=%ERRORLEVEL%
if not %listed% == 0 step clear out
exit /b

:list_failed
step clear advice
if not "%OPT_MODE%" == "drill" if defined BACKUP_DIR step keep advice "for what is in BACKUP_DIR, use --local"
call :fail %listed% list.failed db={db} bucket={S3_BUCKET} {hint=advice}
exit /b

rem --- the one that is meant: {found}, {place} and {where}; chosen says that
rem     there is one

:choose_backup
set chosen=
step asked
set status=%ERRORLEVEL%
if %status% == 0 goto inspect
if %status% == 1 goto choose_named
call :list_there
if not %listed% == 0 goto list_failed
step choose
if %ERRORLEVEL% == 0 goto inspect
step keep missing "there is no backup"
if defined OPT_LIMIT step keep missing "there is no backup before {OPT_BEFORE}"
goto missing

:choose_named
step keep missing "there is no backup '{asked}'"
if "%OPT_ONLY%" == "remote" goto named_remote
if not defined BACKUP_DIR goto named_remote
step named local
if %ERRORLEVEL% == 0 goto inspect
:named_remote
if "%OPT_ONLY%" == "local" goto missing
if not defined S3_BUCKET goto missing
step run -k s3ls {folder:S3_BUCKET}/{asked}
set listed=%ERRORLEVEL%
if not %listed% == 0 goto list_failed
step named remote
if not %ERRORLEVEL% == 0 goto missing

:inspect
step inspect
set readable=%ERRORLEVEL%
set local=
set encrypted=
step same {place} local
if %ERRORLEVEL% == 0 set local=yes
step same {encrypted} yes
if %ERRORLEVEL% == 0 set encrypted=yes
if defined encrypted if not defined DECRYPT_CMD goto no_decrypt
set chosen=yes
if %readable% == 0 exit /b
set chosen=
step keep missing "'{where}' is no file that {user} can read"

:missing
set where_not=
if "%OPT_ONLY%" == "local" set where_not= in BACKUP_DIR
if "%OPT_ONLY%" == "remote" set where_not= in S3_BUCKET
call :fail 1 backup.missing db={db} "reason={missing}%where_not%" "hint=see what there is: restore-db.bat --list"
exit /b

:no_decrypt
call :bad_configuration "reason='{found}' is encrypted, and there is no DECRYPT_CMD" "hint=set it to the reverse of ENCRYPT_CMD"
exit /b

:check_age
if not defined OPT_MAX_AGE set OPT_MAX_AGE=26h
step run -k s3ls --name={label} --max-age={OPT_MAX_AGE}
set status=%ERRORLEVEL%
if %status% == 0 exit /b
set stale=yes
call :fail %status% backup.stale db={db} "hint=find out why backups have stopped; see --max-age"
exit /b

rem --- out of where it lies, into a server; loaded is the exit status that it
rem     stands for

:load
step clock began
step clear got facts said fetched
step keep loading yes
set reader=pgrestorez {--jobs=JOBS} {--pg-bin=PG_BIN}%flags% %into%
if not defined local goto load_object
step keep fetched 0
if defined encrypted goto load_encrypted
step run -a said -o facts -f {where} %reader%
goto loaded
:load_encrypted
step run -a said -f {where} -x {DECRYPT_CMD} | step run -a said -o facts %reader%
goto loaded
:load_object
if defined encrypted goto load_encrypted_object
step run -a said -n fetched s3get --receipt={path:got} {where} | step run -a said -o facts %reader%
goto loaded
:load_encrypted_object
step run -a said -n fetched s3get --receipt={path:got} {where} | step run -a said -x {DECRYPT_CMD} | step run -a said -o facts %reader%
:loaded
step blame %ERRORLEVEL%
set loaded=%ERRORLEVEL%
exit /b

rem --- roles and tablespaces, first: those that exist keep existing, and become
rem     as the backup has them

:restore_globals
step keep meant {where}
step source 0
step clear asked
call :choose_backup
if defined chosen call :load_globals
step source %number%
step keep asked {meant}
if defined chosen call :choose_backup
exit /b

:load_globals
step event globals.start name={found} place={place}
step clear said fetched checked
if not defined local goto read_object
step keep fetched 0
if defined encrypted goto read_encrypted
step run -a said -n checked -f {where} gzverify | step roles
goto roles
:read_encrypted
step run -a said -f {where} -x {DECRYPT_CMD} | step run -a said -n checked gzverify | step roles
goto roles
:read_object
if defined encrypted goto read_encrypted_object
step run -a said -n fetched s3get --receipt={path:got} {where} | step run -a said -n checked gzverify | step roles
goto roles
:read_encrypted_object
step run -a said -n fetched s3get --receipt={path:got} {where} | step run -a said -x {DECRYPT_CMD} | step run -a said -n checked gzverify | step roles
:roles
set status=%ERRORLEVEL%
if %status% == 0 goto roles_done
set chosen=
if %status% == 1 goto roles_unread
if %status% == 2 goto roles_long
step keep text {errors}
step same {errors} {nothing}
if %ERRORLEVEL% == 0 step keep text {said}
step pick trouble text 1
call :fail 3 globals.failed name={found} reason={trouble} "hint=only what exists already may fail; restore as a superuser"
exit /b
:roles_unread
step blame {checked}
call :fail %ERRORLEVEL% globals.failed name={found}
exit /b
:roles_long
call :fail 1 globals.failed name={found} "reason='{found}' holds more than 64 MiB of SQL" "hint=if these are roles and tablespaces, restore them: decompress it, and run it by psql -X"
exit /b
:roles_done
step event globals.done name={found} existing={existing}
exit /b

rem --- the database that is restored into: {exists} tells what of it, if it is
rem     there; the restored one is {fresh} until it takes its place, and the one
rem     that was there {kept} then

:look_at_target
set exists=
step keep target {OPT_DBNAME}
step keep into {target}
step keep fresh {target}
step clear kept exists said
step psql
if not %ERRORLEVEL% == 0 goto no_psql
step keep beside postgres
step run -k %psql% -d {beside} -c SELECT
if not %ERRORLEVEL% == 0 call :try_template
call :sql exists target
if not %ERRORLEVEL% == 0 goto unreachable
step pick exists out 1
if not %ERRORLEVEL% == 0 exit /b
set exists=yes
step clock now
step keep time {stamp:now}
call :sql names target time
if not %ERRORLEVEL% == 0 goto server_failed
step pick fresh out 1
step pick kept out 2
exit /b
:no_psql
call :give_up tool.missing tool=psql
exit /b
:unreachable
call :give_up server.unreachable "hint=try: psql -d postgres, as the user {user}; see DB_HOST, DB_PORT, DB_USER and DB_PASSWORD"
exit /b
:server_failed
call :give_up server.failed
exit /b

:try_template
step keep beside template1
step run -k %psql% -d {beside} -c SELECT
exit /b

rem sql NAME VARIABLE...: run restore-NAME.sql beside the target; values go to
rem psql in its standard input.
:sql
step statements "%~dp0restore-%1.sql" %2 %3 %4
if not %ERRORLEVEL% == 0 exit /b 3
step clear out
step run -o out -e %words% -i statements %psql% -v ON_ERROR_STOP=1 -d {beside}
exit /b %ERRORLEVEL%

:ask
step ask "The database '{target}' exists ({exists})." "It would become '{kept}', and its sessions would end." "Put the backup {found} into its place? Then type yes:"
set status=%ERRORLEVEL%
if %status% == 0 exit /b
set over=yes
if %status% == 1 call :fail 1 target.exists database={target} "reason=the answer was not yes" "hint=nothing was changed"
if not %status% == 1 call :fail 1 target.exists database={target} "reason=the database '{target}' exists already" "hint=restore under another name, or replace it: --yes"
exit /b

rem Both names change in one transaction.  Who connects between the end of the
rem sessions and the lock is in the way; then once more.  A lost answer may be
rem that it was done.
:take_place
set tries_left=5
step keep ready yes
:swap
call :sql swap target fresh kept
if %ERRORLEVEL% == 0 goto swapped
call :ask_swapped
if "%there%" == "swapped" goto swapped
set /a tries_left-=1
if "%there%" == "apart" if not %tries_left% == 0 goto swap
call :tell_names
step clear ready kept
set loaded=3
exit /b
:swapped
step clear ready
step event target.kept into={target} kept={kept} "text=drop it when the restored one has proven good"
exit /b

rem there is swapped, apart, or nothing when the server can't be asked; what was
rem said before stays.
:ask_swapped
set there=
set words=unsaid
call :sql there fresh kept
set words=said
step pick names out 1
step same {names} swapped
if %ERRORLEVEL% == 0 set there=swapped
step same {names} apart
if %ERRORLEVEL% == 0 set there=apart
exit /b

rem What has become of the names, behind what was said.
:tell_names
if "%there%" == "apart" step add said "psql: hint: the restored one is called '{fresh}'; rename it"
if not "%there%" == "apart" step add said "psql: hint: see psql -l: if there is '{fresh}', that is the restored one; if not, '{target}' is, and '{kept}' what was there"
exit /b

rem --- what came of it: loaded says so, and {said} what was said

rem Whatever has stopped a run has ended its cmd.exe, too: this is another one,
rem which "step again" has begun and which knows what that one had come to.
:stopped
set loaded=1
set stale=
set there=
step same {ready} yes
if %ERRORLEVEL% == 0 call :ask_swapped
if "%there%" == "swapped" goto stopped_late
step clear said
step add said "it was stopped, by somebody or at the end of MAX_RUNTIME"
step same {ready} yes
if %ERRORLEVEL% == 0 call :tell_names
step clear kept
step same {loading} yes
if %ERRORLEVEL% == 0 (call :conclude) else call :fail 1 run.stopped
goto end_run
:stopped_late
call :swapped
set loaded=0
step clear said
call :conclude
call :fail 1 run.stopped "reason=it was stopped, by somebody or at the end of MAX_RUNTIME"
goto end_run

:conclude
step clear loading
step evidence
step warn %OPT_MODE%.warning db={db}
if not %loaded% == 0 goto not_loaded
set result=verdict=ok exit=0
if "%OPT_MODE%" == "drill" if defined stale set result=verdict=stale exit=1
step event %OPT_MODE%.done %result% {lines:evidence}
call :add_record %result% {lines:evidence}
exit /b
:not_loaded
call :fail %loaded% %OPT_MODE%.failed verdict=failed {lines:evidence}
call :add_record verdict=failed exit=%loaded% reason={reason:failures} {lines:evidence}
exit /b

:add_record
if not defined records exit /b
step run -e said -o sum auditlog record {records} %*
if not %ERRORLEVEL% == 0 call :fail 5 record.failed file={records}
exit /b

rem --- the end of a run, and who is told of it

:end_run
if "%OPT_MODE%" == "list" goto end
call :check_log
call :check_records
if not %verdict% == 0 call :tell
call :describe
step event run.end exit=%verdict% verdict=%word% seconds={since:run_began} record={sum}
:end
step end
exit /b %verdict%

:check_log
step same {unlogged} {nothing}
if not %ERRORLEVEL% == 0 call :fail 5 log.failed file={LOG_FILE} "reason=it could not be written"
exit /b

:check_records
if not defined records exit /b
step exists {records}
if not %ERRORLEVEL% == 0 exit /b
step run -k auditlog check {records}
if not %ERRORLEVEL% == 0 call :fail 5 records.broken file={records}
step pick chain out 1
exit /b

:tell
call :describe
step report "%sentence% (exit status %verdict%, run {RUN_ID})"
if not defined ALERT_EMAIL exit /b
step run -k -t 600s -i report alertmail -s "drill on {host}: %sentence%" {words:ALERT_EMAIL}
if not %ERRORLEVEL% == 0 call :fail 5 mail.failed
exit /b

rem What the verdict is in a word and in a sentence.
:describe
set word=incomplete
set sentence=it was done, but the log, the record or a mail failed
goto describe_%verdict%
:describe_0
set word=ok
set sentence=all is well
exit /b
:describe_1
set word=not-restored
set sentence=a backup does not restore to what it should be
exit /b
:describe_2
set word=misconfigured
set sentence=the configuration is wrong
exit /b
:describe_3
set word=failed
set sentence=the server, a program or the disk failed
exit /b
:describe_4
set word=unreachable
set sentence=S3 could not be reached
:describe_5
exit /b

rem --- failures

rem call :fail STATUS EVENT [KEY=TEXT]...: the lower status is the worse one, 0
rem apart.  Who can't even note a failure has failed.
:fail
step fail %*
set verdict=%ERRORLEVEL%
if %verdict% lss 1 set verdict=3
if %verdict% gtr 5 set verdict=3
exit /b

rem Nothing has been made, and nothing will be.
:give_up
set over=yes
call :fail 3 %*
exit /b

:bad_configuration
set over=yes
call :fail 2 configuration.bad %*
exit /b
