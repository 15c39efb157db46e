/*
 * libdeflate is more than twice as fast as zlib on whole blocks, but not
 * everywhere; this is the only place that knows which one there is.
 */
#include <stdlib.h>

#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#include "gz.h"
#include "mem.h"

static int
no_memory(struct err *e)
{
	return err_set(e, ERR_LOCAL, "cannot get memory for (de)compression");
}

#ifdef HAVE_LIBDEFLATE

struct gz_deflater {
	struct libdeflate_compressor *c;
};

struct gz_inflater {
	struct libdeflate_decompressor *d;
};

static bool
open_deflater(struct gz_deflater *d, int level)
{
	return (d->c = libdeflate_alloc_compressor(level)) != NULL;
}

static void
close_deflater(struct gz_deflater *d)
{
	libdeflate_free_compressor(d->c);
}

size_t
gz_deflate_bound(struct gz_deflater *d, size_t len)
{
	return libdeflate_deflate_compress_bound(d->c, len);
}

size_t
gz_deflate(struct gz_deflater *d, const void *text, size_t len, void *out,
	size_t out_size)
{
	return libdeflate_deflate_compress(d->c, text, len, out, out_size);
}

static bool
open_inflater(struct gz_inflater *i)
{
	return (i->d = libdeflate_alloc_decompressor()) != NULL;
}

static void
close_inflater(struct gz_inflater *i)
{
	libdeflate_free_decompressor(i->d);
}

bool
gz_inflate(struct gz_inflater *i, const void *data, size_t len, void *text,
	size_t text_len)
{
	size_t in, out;

	return libdeflate_deflate_decompress_ex(i->d, data, len, text,
	    text_len, &in, &out) == LIBDEFLATE_SUCCESS && in == len &&
	    out == text_len;
}

#else

#define RAW_DEFLATE (-15)	/* windowBits: no zlib header */
#define STEP_MAX (1u << 30)	/* zlib counts in unsigned int */

struct gz_deflater {
	z_stream z;
	bool open;
};

struct gz_inflater {
	z_stream z;
	bool open;
};

static bool
open_deflater(struct gz_deflater *d, int level)
{
	return d->open = deflateInit2(&d->z, level, Z_DEFLATED, RAW_DEFLATE,
	    9, Z_DEFAULT_STRATEGY) == Z_OK;
}

static void
close_deflater(struct gz_deflater *d)
{
	if (d->open)
		(void)deflateEnd(&d->z);
}

static uInt
step_of(size_t left)
{
	return left < STEP_MAX ? (uInt)left : STEP_MAX;
}

/* Call zlib until the stream ends or it gets no further. */
static bool
run(z_stream *z, int (*code)(z_stream *, int), size_t len, size_t out_size,
	size_t *out_len)
{
	size_t in_left = len, out_left = out_size;
	uInt in, out;
	int rc;

	do {
		z->avail_in = in = step_of(in_left);
		z->avail_out = out = step_of(out_left);
		rc = code(z, in == in_left ? Z_FINISH : Z_NO_FLUSH);
		in_left -= in - z->avail_in;
		out_left -= out - z->avail_out;
	} while ((rc == Z_OK || rc == Z_BUF_ERROR) &&
	    (z->avail_in != in || z->avail_out != out));
	*out_len = out_size - out_left;
	return rc == Z_STREAM_END && in_left == 0;
}

size_t
gz_deflate_bound(struct gz_deflater *d, size_t len)
{
	return deflateBound(&d->z, (uLong)len);
}

size_t
gz_deflate(struct gz_deflater *d, const void *text, size_t len, void *out,
	size_t out_size)
{
	size_t out_len;

	(void)deflateReset(&d->z);
	d->z.next_in = (Bytef *)(uintptr_t)text;
	d->z.next_out = out;
	return run(&d->z, deflate, len, out_size, &out_len) ? out_len : 0;
}

static bool
open_inflater(struct gz_inflater *i)
{
	return i->open = inflateInit2(&i->z, RAW_DEFLATE) == Z_OK;
}

static void
close_inflater(struct gz_inflater *i)
{
	if (i->open)
		(void)inflateEnd(&i->z);
}

bool
gz_inflate(struct gz_inflater *i, const void *data, size_t len, void *text,
	size_t text_len)
{
	size_t out_len;

	(void)inflateReset(&i->z);
	i->z.next_in = (Bytef *)(uintptr_t)data;
	i->z.next_out = text;
	return run(&i->z, inflate, len, text_len, &out_len) &&
	    out_len == text_len;
}

#endif

struct gz_deflater *
gz_deflater_new(int level, struct err *e)
{
	struct gz_deflater *d;

	if (level < 1 || level > GZ_LEVEL_MAX) {
		err_set(e, ERR_USAGE, "compression level %d is not in 1 to %d",
		    level, GZ_LEVEL_MAX);
		return NULL;
	}
	if ((d = mem_new(1, sizeof(*d), e)) == NULL)
		return NULL;
	if (!open_deflater(d, level)) {
		no_memory(e);
		gz_deflater_free(d);
		return NULL;
	}
	return d;
}

void
gz_deflater_free(struct gz_deflater *d)
{
	if (d == NULL)
		return;
	close_deflater(d);
	free(d);
}

struct gz_inflater *
gz_inflater_new(struct err *e)
{
	struct gz_inflater *i = mem_new(1, sizeof(*i), e);

	if (i != NULL && !open_inflater(i)) {
		no_memory(e);
		gz_inflater_free(i);
		return NULL;
	}
	return i;
}

void
gz_inflater_free(struct gz_inflater *i)
{
	if (i == NULL)
		return;
	close_inflater(i);
	free(i);
}
