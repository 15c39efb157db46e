/*
 * One thread, one connection at a time; each answer closes it, so that every
 * request is seen alone.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpd.h"
#include "sys.h"

#define REQUESTS_MAX 64
#define REQUEST_MAX 65536

struct httpd {
	pthread_t thread;
	pthread_mutex_t lock;
	intptr_t fd;
	char url[64];
	const char *const *answers;
	size_t answer_count;
	size_t count;
	char *requests[REQUESTS_MAX];
};

/* Read a head, and as much body as it announces. */
static char *
read_request(intptr_t fd)
{
	char *text = calloc(1, REQUEST_MAX), *end, *length;
	size_t len = 0, want = 0;
	ptrdiff_t n;

	if (text == NULL)
		return NULL;
	while (len < REQUEST_MAX - 1 && (want == 0 || len < want)) {
		n = sys_receive(fd, text + len, REQUEST_MAX - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		if (want != 0 || (end = strstr(text, "\r\n\r\n")) == NULL)
			continue;
		length = strstr(text, "Content-Length: ");
		want = (size_t)(end + 4 - text);
		if (length != NULL && length < end)
			want += strtoul(length + 16, NULL, 10);
	}
	return text;
}

static void
send_text(intptr_t fd, const char *text, size_t len)
{
	ptrdiff_t n;

	for (; len > 0; len -= (size_t)n, text += n)
		if ((n = sys_send(fd, text, len)) <= 0)
			return;
}

static void
send_answer(intptr_t fd, const char *answer, bool is_head)
{
	const char *body = strstr(answer, "\n\n"), *line = answer;
	char head[4096];
	size_t n;

	if (body == NULL)
		return;
	n = (size_t)snprintf(head, sizeof(head), "HTTP/1.1 %.3s X\r\n",
	    answer);
	for (line += strcspn(line, "\n"); line < body;
	    line += 1 + strcspn(line + 1, "\n"))
		n += (size_t)snprintf(head + n, sizeof(head) - n, "%.*s\r\n",
		    (int)strcspn(line + 1, "\n"), line + 1);
	body += 2;
	n += (size_t)snprintf(head + n, sizeof(head) - n,
	    "Connection: close\r\n\r\n");
	send_text(fd, head, n);
	if (!is_head)
		send_text(fd, body, strlen(body));
}

static void *
serve(void *ctx)
{
	struct httpd *h = ctx;
	const char *answer;
	char *request;
	intptr_t fd;

	while ((fd = sys_accept(h->fd)) >= 0) {
		request = read_request(fd);
		(void)pthread_mutex_lock(&h->lock);
		answer = h->answer_count == 0 ? "" :
		    h->answers[h->count < h->answer_count ? h->count :
		    h->answer_count - 1];
		if (h->count < REQUESTS_MAX) {
			free(h->requests[h->count]);
			h->requests[h->count++] = request;
		} else {
			free(request);
			request = NULL;
		}
		(void)pthread_mutex_unlock(&h->lock);
		send_answer(fd, answer, request != NULL &&
		    strncmp(request, "HEAD", 4) == 0);
		sys_close(fd);
	}
	return NULL;
}

intptr_t
httpd_listen(char url[64])
{
	unsigned port = 0;
	intptr_t fd = sys_listen(&port);

	(void)snprintf(url, 64, "http://127.0.0.1:%u", port);
	return fd;
}

struct httpd *
httpd_start(void)
{
	struct httpd *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	(void)pthread_mutex_init(&h->lock, NULL);
	if ((h->fd = httpd_listen(h->url)) < 0 ||
	    pthread_create(&h->thread, NULL, serve, h) != 0) {
		free(h);
		return NULL;
	}
	return h;
}

void
httpd_stop(struct httpd *h)
{
	size_t i;

	sys_interrupt(h->fd);
	(void)pthread_join(h->thread, NULL);
	sys_close(h->fd);
	for (i = 0; i < REQUESTS_MAX; i++)
		free(h->requests[i]);
	free(h);
}

const char *
httpd_url(const struct httpd *h)
{
	return h->url;
}

void
httpd_script(struct httpd *h, const char *const *answers, size_t count)
{
	size_t i;

	(void)pthread_mutex_lock(&h->lock);
	h->answers = answers;
	h->answer_count = count;
	h->count = 0;
	for (i = 0; i < REQUESTS_MAX; i++) {
		free(h->requests[i]);
		h->requests[i] = NULL;
	}
	(void)pthread_mutex_unlock(&h->lock);
}

size_t
httpd_count(struct httpd *h)
{
	size_t n;

	(void)pthread_mutex_lock(&h->lock);
	n = h->count;
	(void)pthread_mutex_unlock(&h->lock);
	return n;
}

const char *
httpd_request(struct httpd *h, size_t n)
{
	return n < httpd_count(h) && h->requests[n] != NULL ?
	    h->requests[n] : "";
}
