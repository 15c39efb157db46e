#!/bin/sh
# Kept connections that are not kept, ones that fall silent, and a clock that is
# off: each request is made again, and no more often than that.
. "${0%/*}/../lib.sh"
use_s3
fresh_bucket
use_proxy
call=$unit/test_s3call
"$tests/seal.py" 16 >sealed

# --- closed behind our back; chance decides how often it is noticed late

for rule in 'hangup 0' 'hangup 0.01' half; do
	faults "* . always $rule"
	forget_requests
	run sh -c 's3put --part-size 5M --jobs 2 a <sealed'
	status_is 0 "$rule: stored"
	s3 get "$bucket" a >back
	same_file sealed back "$rule: whole"
	run s3get a
	same_file sealed "$out" "$rule: comes back whole"
	no_uploads_left "$bucket"
	s3 rm "$bucket" a
done
is "$(requests PUT .*partNumber=)" 4 'what was closed in time is sent once'

# --- silence

faults 'PUT partNumber=2 nth:1 stall 30' 'POST uploads nth:1 stall 30'
forget_requests
run env STALL_SECONDS=1 "$call" multipart "$bucket" b sealed id
status_is 0 'a server that falls silent'
s3 get "$bucket" b >back
same_file sealed back 'the rest is whole'
is "$(requests PUT .*partNumber=1)" 1 'what was answered is not sent again'
faults

# --- the clock; sanitizers want to be loaded first

# clock SECONDS COMMAND...
clock() {
	seconds=$1
	shift
	AHEAD=$seconds LD_PRELOAD="$T/clock.so" "$@"
}
cat >clock.c <<-'E'
	#include <stdlib.h>
	#include <sys/time.h>
	#include <time.h>

	time_t
	time(time_t *out)
	{
		struct timeval now;

		gettimeofday(&now, NULL);
		now.tv_sec += atoi(getenv("AHEAD"));
		if (out != NULL)
			*out = now.tv_sec;
		return now.tv_sec;
	}
E
if instrumented || ! ${CC:-cc} -shared -fPIC -o clock.so clock.c 2>clock.log; then
	skip 'the clock cannot be shifted' 5
else
	for seconds in 0 3600 -86400; do
		forget_requests
		run clock "$seconds" s3put c sealed
		status_is 0 "a clock that is off by $seconds s"
		[ "$seconds" != 0 ] || right=$(requests '[A-Z]*' .)
		[ "$seconds" = 0 ] || is "$(requests '[A-Z]*' .)" $((right + 1)) \
			'costs one request, then the time is known'
		s3 rm "$bucket" c
	done
fi
no_children_left
no_temp_left
done_testing
