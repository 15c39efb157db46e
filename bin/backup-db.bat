@echo off
rem A nightly backup of PostgreSQL databases: dump, verify, upload, retain, and
rem tell the truth about it.  See backup-db(1) and pgdumpz.conf(5).  It does what
rem backup-db.sh does, in the same order, by the same tools.
rem
rem   again ......... run again by withconf, with our options as variables
rem   start_run ..... the beginning
rem   check_ ........ preflight: each is called unless one before it gave up
rem   one_backup .... dump, upload
rem   catch_up ...... what the bucket lacks
rem   retain ........ what nobody needs any more
rem   stopped ....... a run was stopped before its end
rem   end_run ....... who is told: ping, mail, hook, metrics, record
rem   event, fail ... what all of them use
rem
rem How it is written (restore-db.bat, too):
rem - cmd.exe expands a value into its own command line, and then runs what the
rem   value says.  So no value of the configuration is ever expanded: %%NAME%% is
rem   only for words and numbers of our own.  step(1) puts values into arguments:
rem   {NAME} is a key of the configuration, {name} a variable of the run, a file
rem   in its private directory; {--option=NAME} vanishes when there is no value.
rem   "step keep name TEXT" sets one, a tool's output becomes one by "-o name".
rem - A key is asked for by "if defined KEY": those that are empty are unset at
rem   the beginning.  "set /a n=KEY" makes a number of one, and nothing else.
rem - "step run -k TOOL" keeps its output as {out} and its words as {said}, where
rem   reason and hint of a failure come from.  125 is a step that failed itself.
rem - An exit status is asked for by %%ERRORLEVEL%% alone, in a line of its own: a
rem   crash is a negative number, and operators are not the same everywhere.
rem - Events are written by "step event", failures by "call :fail STATUS EVENT";
rem   "call :give_up EVENT" is for preflight, and sets over.
rem - A label ends with exit /b; who asks for its status says exit /b N.
setlocal EnableExtensions DisableDelayedExpansion
set "PATH=%~dp0;%PATH%"
set NoDefaultCurrentDirectoryInExePath=1
if not "%STEP_DRIVER%" == "backup-db" goto again
if defined OPT_HELP goto usage
if defined OPT_VERSION goto version

set rules=--daily={KEEP_DAILY} --weekly={KEEP_WEEKLY} --monthly={KEEP_MONTHLY} --yearly={KEEP_YEARLY}
set storage={--storage-class=STORAGE_CLASS} {--sse=SSE} {--sse-kms-key-id=KMS_KEY}
set dump=pgdumpz {words:only} {--jobs=JOBS} {--compress=LEVEL} {--pg-bin=PG_BIN}
for %%v in (over told reached s3_down) do set "%%v="
for /f %%k in ('step empty BACKUP_DIR S3_BUCKET BACKUP_NAME ALERT_EMAIL LOG_FILE METRICS_FILE HOOK_PRE HOOK_POST HEALTHCHECK_URL_FILE PGCONNECT_TIMEOUT') do set "%%k="
if not defined PGCONNECT_TIMEOUT set PGCONNECT_TIMEOUT=30

call :start_run
if not %ERRORLEVEL% == 0 goto no_place
if defined OPT_STOPPED goto stopped
for %%c in (tools names places hook disk bucket databases mail) do if not defined over call :check_%%c
if defined OPT_CHECK goto end_check
if defined over goto end_run
call :ping nothing start
call :each_backup one_backup
goto end_run

rem --- options

:again
step again "%~f0" "check +stopped" %*
exit /b %ERRORLEVEL%

:usage
echo usage: backup-db.bat [OPTION]...
echo Back up the databases of a configuration: see pgdumpz.conf.5.txt.
echo:
echo   -c, --config=FILE      the configuration (PGDUMPZ_CONF,
echo                          %%ProgramData%%\pgdumpz\backup.conf)
echo   -o, --option=KEY=VALUE goes before what FILE says; in double quotes
echo   -q, --quiet            only warnings and errors on standard error
echo       --check            look whether a backup could be made, make none
echo       --help             print this
echo   -V, --version          print the version
exit /b 0

:version
for /f "tokens=3" %%v in ('auditlog --version') do echo backup-db %%v
exit /b 0

rem --- the beginning

:start_run
step begin
if not %ERRORLEVEL% == 0 exit /b 1
set verdict=0
step clear nothing
if defined OPT_STOPPED exit /b 0
step take 1
step logfile backup
step event run.start version={version} host={host} user={user} config={PGDUMPZ_CONF}
step settings
exit /b 0

rem Log and mail can do without a directory of the run.
:no_place
auditlog event temp.failed level=error "reason=no directory can be made for this run" "hint=make room for a directory there, or set TMPDIR"
if defined ALERT_EMAIL echo no directory can be made for the files of this run| step run alertmail -s "backup on {COMPUTERNAME}: nothing could be backed up" {words:ALERT_EMAIL}
exit /b 3

rem --- preflight: what is wrong here makes a backup impossible, or one that
rem     can't be trusted

:check_tools
step tools withconf pgdumpz gzverify s3put s3ls s3prune keeplocal auditlog alertmail pingurl
set status=%ERRORLEVEL%
if %status% == 0 exit /b
if %status% == 2 call :give_up tool.version tool={tool} "reason=it is not of version {version}" "hint=install all the tools anew"
if not defined over call :give_up tool.missing tool={tool} "hint=install all the tools into one directory"
exit /b

:check_names
if not defined BACKUP_NAME goto check_globals
step keep label {decoded:BACKUP_NAME}
step same {encoded:label} {BACKUP_NAME}
if %ERRORLEVEL% == 0 goto check_globals
step keep hint "write %%25 for a percent sign"
call :bad_configuration "reason=BACKUP_NAME '{BACKUP_NAME}' is not percent-encoded" hint={hint}
exit /b
:check_globals
step in databases globals
if not %ERRORLEVEL% == 0 exit /b
if defined BACKUP_NAME goto check_roles
call :bad_configuration "reason=the name 'globals' is taken by the roles" "hint=set BACKUP_NAME for this database"
exit /b
:check_roles
step same {GLOBALS} no
if not %ERRORLEVEL% == 0 call :bad_configuration "reason=the log could not tell the database 'globals' from the roles" "hint=give the roles (GLOBALS) to another configuration"
exit /b

:check_places
if not defined BACKUP_DIR if not defined S3_BUCKET call :bad_configuration "reason=there is neither BACKUP_DIR nor S3_BUCKET" "hint=set one, or better both"
exit /b

:check_hook
if not defined HOOK_PRE exit /b
step keep hooked yes
step run -k -x {HOOK_PRE}
if not %ERRORLEVEL% == 0 call :give_up hook.failed "hint=HOOK_PRE has to end with exit status 0" hook=pre
exit /b

rem The last backups, and nearly a third more, must fit.
:check_disk
if not defined BACKUP_DIR exit /b
step folder {BACKUP_DIR}
set status=%ERRORLEVEL%
if %status% == 0 goto check_room
if %status% == 1 call :give_up disk.missing directory={BACKUP_DIR} "reason=there is no such directory" "hint=connect its disk, or make it for {user} alone"
if not defined over call :give_up disk.denied directory={BACKUP_DIR} "reason={user} may not write there" "hint=let {user} write there, or run as another user"
exit /b
:check_room
call :each_backup newest_size
step room
set status=%ERRORLEVEL%
step event disk.free directory={BACKUP_DIR} kib={kib} needed_kib={needed_kib}
if not %status% == 0 call :give_up disk.full directory={BACKUP_DIR} "reason={kib} KiB are free, some {needed_kib} will be needed" "hint=make room, or lower MAX_LOCAL_BACKUPS"
exit /b

:newest_size
step newest
exit /b

rem A bucket that can't be reached, or credentials that are gone, don't keep us
rem from a backup here, nor from telling of it; a clock that is wrong would give
rem it a wrong name and a wrong age.
:check_bucket
if not defined S3_BUCKET exit /b
step run -k s3put --check {folder:S3_BUCKET}/.pgdumpz-check
set status=%ERRORLEVEL%
if %status% == 0 exit /b
if %status% == 1 call :give_up clock.wrong
if not defined over if not defined BACKUP_DIR call :give_up bucket.unusable bucket={S3_BUCKET}
if not defined over call :fail 4 bucket.unusable bucket={S3_BUCKET}
exit /b

:check_databases
call :each_backup check_database
if defined reached exit /b
step keep verdict 0
call :give_up database.none "reason=no database could be reached" "hint=is the server running?"
exit /b

:check_database
step same {globals} yes
if %ERRORLEVEL% == 0 exit /b
step run -k -s PGDATABASE={db} pgdumpz --check {--pg-bin=PG_BIN}
if not %ERRORLEVEL% == 0 goto unreachable
step split out server programs bytes
step keep reached {db}
set reached=yes
step event database.found db={db} server={server} pg_dump={programs} bytes={bytes}
exit /b
:unreachable
step add unreachable {db}
call :fail 1 database.unreachable db={db} "hint={advice:said}; here that is DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, PG_BIN; we run as {user}"
exit /b

:check_mail
if not defined ALERT_EMAIL exit /b
step run -k alertmail --check {words:ALERT_EMAIL}
if not %ERRORLEVEL% == 0 call :fail 5 mail.unusable
exit /b

rem --- one backup: {db}, {name} and {globals} say of what

:each_backup
set number=0
:next_backup
set /a number+=1
step take %number%
set status=%ERRORLEVEL%
if %status% == 1 exit /b
if not %status% == 0 goto no_backup
call :%1
goto next_backup
:no_backup
call :fail 1 dump.failed "reason=the files of this run can't be read"
exit /b

:one_backup
step clear base
step in unreachable {db}
if %ERRORLEVEL% == 0 (step add metrics db={db} ok=0) else call :back_up
call :catch_up
step in good {name}
if %ERRORLEVEL% == 0 call :retain
exit /b

:back_up
step clock began
step base
step clear rows bytes seal only
step keep own {base}
step keep target {db}
step same {globals} yes
if not %ERRORLEVEL% == 0 goto begin_dump
step keep target {reached}
step keep only --globals
:begin_dump
step event dump.start db={db} name={base}
set made=
if defined BACKUP_DIR (call :back_up_here) else call :back_up_there
if defined made goto made
step add metrics db={db} ok=0
exit /b
:made
step add metrics db={db} ok=1 bytes={bytes} seconds={since:began} {rows=rows}
exit /b

:back_up_here
step keep file {BACKUP_DIR}/{base}
step clear said
step run -a said -s PGDATABASE={target} %dump% | step run -a said -o facts gzverify --json --list -o {file} {--filter=ENCRYPT_CMD}
if not %ERRORLEVEL% == 0 goto dump_failed
set made=yes
step warn dump.warning db={db}
step keep bytes {size:file}
step facts
step event dump.done db={db} file={file} bytes={bytes} rows={rows} seal={seal} seconds={since:began}
if defined S3_BUCKET step keep uploading yes
step add good {name}
if defined S3_BUCKET call :upload
exit /b

rem Without a copy here, trying again is dumping again.
:back_up_there
set /a tries_left=RETRIES
:dump_again
step clear said
step run -a said -s PGDATABASE={target} %dump% | step run -a said gzverify | step run -a said -o receipt s3put %storage% {--filter=ENCRYPT_CMD} {folder:S3_BUCKET}/{base}
set status=%ERRORLEVEL%
if %status% == 0 goto dumped
if not %status% == 4 goto dump_failed
if %tries_left% == 0 goto dump_failed
call :pause dump.retry
goto dump_again
:dumped
set made=yes
step warn dump.warning db={db}
call :take_receipt dump.done
step add good {name}
exit /b

:dump_failed
call :fail 1 dump.failed db={db}
exit /b

rem {file} is what, {own} its name.
:upload
step keep uploading yes
step event upload.start db={db} file={file}
set /a tries_left=RETRIES
if defined s3_down set tries_left=0
:put_again
step run -e said -o receipt s3put %storage% {folder:S3_BUCKET}/{own} {file}
set status=%ERRORLEVEL%
if %status% == 0 goto uploaded
if not %status% == 4 goto upload_failed
if %tries_left% == 0 set s3_down=yes
if %tries_left% == 0 goto upload_failed
call :pause upload.retry
goto put_again
:uploaded
set s3_down=
call :take_receipt upload.done
step clear uploading
exit /b
:upload_failed
call :fail 4 upload.failed db={db} file={file}
exit /b

:take_receipt
step split receipt uri bytes etag object_version sha256
step event %1 db={db} uri={uri} bytes={bytes} etag={etag} version={object_version} sha256={sha256}
step add stored {own}
step add receipts "{uri} {bytes} {sha256}"
exit /b

:pause
set /a tries_left-=1
step event %1 db={db} level=warn reason={complaint:said} wait_seconds={RETRY_WAIT} tries_left=%tries_left%
step sleep {RETRY_WAIT}
exit /b

rem --- the nights before: what the bucket lacks, what nobody needs any more

rem Only what the bucket's own rules would keep: anything else would be uploaded
rem and deleted again every night.  What was made before backups were encrypted
rem is not for the bucket.
:catch_up
if not defined BACKUP_DIR exit /b
if not defined S3_BUCKET exit /b
if defined s3_down exit /b
call :list_expired
if not %ERRORLEVEL% == 0 goto no_expired
call :list_remote
if not %ERRORLEVEL% == 0 goto no_remote
step sort
set line=0
:next_pending
set /a line+=1
step pick own pending %line%
if not %ERRORLEVEL% == 0 exit /b
step keep file {BACKUP_DIR}/{own}
step in plain {own}
if %ERRORLEVEL% == 1 (call :upload) else call :skip_plain
goto next_pending
:no_expired
call :fail 5 retention.failed db={db} place=local
exit /b
:no_remote
call :fail 4 list.failed db={db}
exit /b

:skip_plain
step event upload.skipped db={db} file={file} level=warn "reason=it is not encrypted, and ENCRYPT_CMD is set" "hint=encrypt it as pgdumpz.conf(5) shows, or remove it"
exit /b

rem What the bucket's rules would delete, if it were there.
:list_expired
step clear expired
set /a days=RETENTION_DAYS
if %days% == 0 exit /b 0
step run -k keeplocal --days={RETENTION_DAYS} --dry-run --name={label} {BACKUP_DIR} --keep-last=3 %rules%
if not %ERRORLEVEL% == 0 exit /b 1
step expired
exit /b %ERRORLEVEL%

:list_remote
step run -k s3ls --name={label}
if not %ERRORLEVEL% == 0 exit /b 1
step remote
exit /b %ERRORLEVEL%

rem An older backup goes only when this night's is good, and where it is.
:retain
if defined BACKUP_DIR call :retain_local
if not defined S3_BUCKET exit /b
set /a days=RETENTION_DAYS
if %days% == 0 exit /b
step in stored {base}
if not %ERRORLEVEL% == 0 exit /b
step run -k s3prune --days={RETENTION_DAYS} --name={label} "" --keep-last=3 %rules%
call :end_retention remote %ERRORLEVEL%
exit /b

rem Files that the bucket has, or would not keep, may go.
:retain_local
set /a last=MAX_LOCAL_BACKUPS
if defined S3_BUCKET goto retain_spare
if %last% lss 3 set last=3
step run -k keeplocal --name={label} {BACKUP_DIR} --keep-last=%last% %rules%
call :end_retention local %ERRORLEVEL%
exit /b
:retain_spare
if defined s3_down exit /b
call :list_remote
if not %ERRORLEVEL% == 0 exit /b
step sort
step same {spare} {nothing}
if %ERRORLEVEL% == 0 goto clear_partial
step run -k -i spare keeplocal - --keep-last=%last% %rules%
call :end_retention local %ERRORLEVEL%
rem What was left behind goes with every whole directory only; no backup is old
rem enough for this rule.
:clear_partial
step run -k keeplocal --days=100000 --name={label} {BACKUP_DIR}
call :end_retention local %ERRORLEVEL% changes
exit /b

:end_retention
step decisions %1 %3
if %2 == 0 (step warn retention.warning db={db} place=%1) else call :fail 5 retention.failed db={db} place=%1
exit /b

rem --- the end of a run, and who is told of it

rem Whatever has stopped a run has ended its cmd.exe, too: this is another one,
rem which "step again" has begun and which knows what that one had come to.
:stopped
set what=5
step same {uploading} yes
if %ERRORLEVEL% == 0 set what=4
call :each_backup look_for_good
call :fail %what% run.stopped "reason=it was stopped, by somebody or at the end of MAX_RUNTIME"
if defined OPT_CHECK goto end_check
goto end_run

:look_for_good
step in good {name}
if not %ERRORLEVEL% == 0 set what=1
exit /b

rem What fails in telling is told, too.  A failure does not wait for HOOK_POST,
rem which may hang.
:end_run
call :find_records
call :each_backup measure_rest
call :check_log
call :check_records
if not %verdict% == 0 call :tell
call :post_hook
if not "%told%" == "%verdict%" call :tell
call :write_metrics
call :record
if not "%told%" == "%verdict%" call :tell
call :describe
step event run.end exit=%verdict% verdict=%word% seconds={since:run_began} record={sum}
step end
exit /b %verdict%

rem What HOOK_PRE began, HOOK_POST ends.
:end_check
step same {hooked} yes
if %ERRORLEVEL% == 0 call :post_hook
call :describe
step event check.end exit=%verdict% verdict=%word%
step end
exit /b %verdict%

:find_records
step clear sum
set records=
if defined BACKUP_DIR step keep records {BACKUP_DIR}/backup.runs.jsonl
if defined BACKUP_DIR set records=yes
if defined LOG_FILE step keep records {LOG_FILE}.runs.jsonl
if defined LOG_FILE set records=yes
exit /b

rem All databases are named, or those that are not would vanish from the metrics.
:measure_rest
step in metrics db={db}
if %ERRORLEVEL% == 0 exit /b
step in good {name}
if %ERRORLEVEL% == 0 goto made
step add metrics db={db} ok=0
exit /b

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
set told=%verdict%
call :describe
step report "%sentence% (exit status %verdict%, run {RUN_ID})"
if %verdict% == 0 goto tell_success
call :ping report fail
if not defined ALERT_EMAIL exit /b
step run -k -t 600s -i report alertmail -s "backup on {host}: %sentence%" {words:ALERT_EMAIL}
if not %ERRORLEVEL% == 0 call :fail 5 mail.failed
exit /b
:tell_success
call :ping report
exit /b

:ping
if not defined HEALTHCHECK_URL_FILE exit /b
step run -k -t 600s -i %1 pingurl %2
if not %ERRORLEVEL% == 0 call :fail 5 ping.failed
exit /b

:post_hook
if not defined HOOK_POST exit /b
call :describe
if defined OPT_CHECK if %verdict% == 0 set word=checked
step run -k -s EXIT_STATUS=%verdict% -s VERDICT=%word% -x {HOOK_POST}
if not %ERRORLEVEL% == 0 call :fail 5 hook.failed hook=post "hint=HOOK_POST has to end with exit status 0"
exit /b

:write_metrics
if not defined METRICS_FILE exit /b
step run -k auditlog metrics {METRICS_FILE} exit=%verdict% seconds={since:run_began} {lines:metrics}
if not %ERRORLEVEL% == 0 call :fail 5 metrics.failed file={METRICS_FILE}
exit /b

:record
if not defined records exit /b
step run -e said -o sum auditlog record {records} exit=%verdict% host={host} databases={commas:databases} good={commas:good} receipts={commas:receipts} seconds={since:run_began}
if not %ERRORLEVEL% == 0 call :fail 5 record.failed file={records}
exit /b

rem What the verdict is in a word and in a sentence.
:describe
set word=incomplete
set sentence=backups are safe, but something else failed
goto describe_%verdict%
:describe_0
set word=ok
set sentence=all backups were made
exit /b
:describe_1
set word=no-backup
set sentence=a backup was not made
exit /b
:describe_2
set word=misconfigured
set sentence=the configuration is wrong, nothing was backed up
exit /b
:describe_3
set word=not-started
set sentence=nothing could be backed up
exit /b
:describe_4
set word=not-uploaded
set sentence=backups were made, but not all uploaded
:describe_5
exit /b

rem --- failures

rem call :fail STATUS EVENT [KEY=TEXT]...: the lower status is the worse one, 0
rem apart.  Who can't even note a failure has no good backup to tell of.
:fail
step fail %*
set verdict=%ERRORLEVEL%
if %verdict% lss 1 set verdict=1
if %verdict% gtr 5 set verdict=1
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
