// SPDX-License-Identifier: GPL-2.0
/*
 * Deliberate misbehaviour of replies. See faults.h.
 *
 * Owns the rules, the replies that are held and those that wait for their time,
 * and the thread that sends the latter. One mutex; the sink is called without
 * it. Replies of a channel that closed are thrown away: its next opening counts
 * transaction ids from 1 again.
 */
#include "faults.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Largest reply that FAULT_LONG may make: what fits into one packet. */
#define LONGEST_REPLY	(128u * 1024)
#define LONG_FILL	0xa5

struct rule {
	struct rule *next;
	struct fault_rule r;
};

/**
 * struct kept - a reply that waits
 * @next: in order of arrival
 * @due_ns: CLOCK_MONOTONIC time to send it, 0 while it is held
 * @twice: send it two times
 * @reply: @reply.data points behind this structure
 * @data: payload
 */
struct kept {
	struct kept *next;
	uint64_t due_ns;
	bool twice;
	struct reply reply;
	uint8_t data[];
};

/**
 * struct faults - all of it
 * @sink: where replies go
 * @ctx: argument of @sink
 * @lock: protects the rest
 * @wake: the clock thread has something new to look at
 * @clock: sends delayed replies
 * @stopping: @clock shall end
 * @rules: in the order in which they were made
 * @kept: held and delayed replies, in order of arrival
 */
struct faults {
	reply_sink *sink;
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t clock;
	bool stopping;
	struct rule *rules;
	struct kept *kept;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

static void send_reply(struct faults *f, const struct reply *reply, bool twice,
		       const char *note)
{
	f->sink(f->ctx, reply, note, true);
	if (twice)
		f->sink(f->ctx, reply, "sent twice", true);
}

/* Take the first due reply out; returns NULL and the time to wait otherwise. */
static struct kept *take_due(struct faults *f, uint64_t *wait_until)
{
	uint64_t now = now_ns();
	struct kept **p, *k;

	*wait_until = 0;
	for (p = &f->kept; *p; p = &(*p)->next) {
		k = *p;
		if (!k->due_ns)
			continue;
		if (k->due_ns <= now) {
			*p = k->next;
			return k;
		}
		if (!*wait_until || k->due_ns < *wait_until)
			*wait_until = k->due_ns;
	}
	return NULL;
}

static void *run_clock(void *arg)
{
	struct faults *f = arg;

	pthread_mutex_lock(&f->lock);
	while (!f->stopping) {
		struct timespec ts;
		struct kept *k;
		uint64_t until;

		k = take_due(f, &until);
		if (k) {
			pthread_mutex_unlock(&f->lock);
			send_reply(f, &k->reply, k->twice, "late");
			free(k);
			pthread_mutex_lock(&f->lock);
		} else if (until) {
			ts.tv_sec = until / 1000000000;
			ts.tv_nsec = until % 1000000000;
			pthread_cond_timedwait(&f->wake, &f->lock, &ts);
		} else {
			pthread_cond_wait(&f->wake, &f->lock);
		}
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/**
 * faults_create() - no rules yet
 * @sink: where replies go
 * @ctx: its argument
 *
 * Return: object, or NULL when out of memory.
 */
struct faults *faults_create(reply_sink *sink, void *ctx)
{
	struct faults *f = calloc(1, sizeof(*f));
	pthread_condattr_t attr;

	if (!f)
		return NULL;
	f->sink = sink;
	f->ctx = ctx;
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&f->clock, NULL, run_clock, f)) {
		pthread_cond_destroy(&f->wake);
		pthread_mutex_destroy(&f->lock);
		free(f);
		return NULL;
	}
	return f;
}

static void free_rules(struct faults *f)
{
	while (f->rules) {
		struct rule *rule = f->rules;

		f->rules = rule->next;
		free(rule);
	}
}

/**
 * faults_destroy() - forget rules and kept replies
 * @f: no other thread uses it any more
 */
void faults_destroy(struct faults *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->stopping = true;
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->clock, NULL);

	free_rules(f);
	while (f->kept) {
		struct kept *k = f->kept;

		f->kept = k->next;
		free(k);
	}
	pthread_cond_destroy(&f->wake);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

/**
 * faults_add() - arm a rule
 * @f: faults
 * @rule: copied
 *
 * Return: 0, -EINVAL for a rule that cannot be, -ENOMEM.
 */
int faults_add(struct faults *f, const struct fault_rule *rule)
{
	struct rule **p, *new;

	if (!rule->count || rule->patch_len > FAULT_PATCH_BYTES ||
	    (rule->kind == FAULT_LONG && rule->value > LONGEST_REPLY) ||
	    (rule->kind == FAULT_ADD && rule->patch_len != 4 &&
	     rule->patch_len != 8))
		return -EINVAL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->r = *rule;
	pthread_mutex_lock(&f->lock);
	for (p = &f->rules; *p; p = &(*p)->next)
		;
	*p = new;
	pthread_mutex_unlock(&f->lock);
	return 0;
}

/**
 * struct verdict - what the rules make of one reply
 * @altered: something was changed
 * @routed: @route says more than "send now"
 * @twice: send it two times
 * @route: FAULT_HOLD, FAULT_DROP or FAULT_DELAY
 * @delay_ms: for FAULT_DELAY
 */
struct verdict {
	bool altered;
	bool routed;
	bool twice;
	enum fault_kind route;
	uint32_t delay_ms;
};

static bool patch(struct kept *k, uint32_t offset, const void *bytes,
		  uint32_t len)
{
	if (offset > k->reply.len || len > k->reply.len - offset)
		return false;
	memcpy(k->data + offset, bytes, len);
	return true;
}

/* Little-endian, as everything on the wire and every host of the tests. */
static bool add_number(struct kept *k, const struct fault_rule *r)
{
	uint64_t is = 0, more = 0;

	if (r->value > k->reply.len || r->patch_len > k->reply.len - r->value)
		return false;
	memcpy(&is, k->data + r->value, r->patch_len);
	memcpy(&more, r->patch, r->patch_len);
	is += more;
	return patch(k, r->value, &is, r->patch_len);
}

/* The buffer has room for LONGEST_REPLY bytes or the reply, the larger. */
static void apply(const struct fault_rule *r, struct kept *k, int status_offset,
		  struct verdict *v)
{
	switch (r->kind) {
	case FAULT_HOLD:
	case FAULT_DROP:
	case FAULT_DELAY:
		if (v->routed)
			break;
		v->routed = true;
		v->route = r->kind;
		v->delay_ms = r->value;
		break;
	case FAULT_STATUS:
		if (status_offset >= 0)
			v->altered |= patch(k, status_offset, &r->value, 4);
		break;
	case FAULT_ZERO:
		memset(k->data, 0, k->reply.len);
		v->altered = true;
		break;
	case FAULT_SHORT:
		if (r->value < k->reply.len)
			k->reply.len = r->value;
		v->altered = true;
		break;
	case FAULT_LONG:
		if (r->value > k->reply.len) {
			memset(k->data + k->reply.len, LONG_FILL,
			       r->value - k->reply.len);
			k->reply.len = r->value;
		}
		v->altered = true;
		break;
	case FAULT_FIELD:
		v->altered |= patch(k, r->value, r->patch, r->patch_len);
		break;
	case FAULT_ADD:
		v->altered |= add_number(k, r);
		break;
	case FAULT_TWICE:
		v->twice = true;
		break;
	}
}

static bool rule_matches(const struct fault_rule *r, uint32_t command)
{
	return r->command == FAULT_ANY_COMMAND || r->command == command;
}

/* Called with the lock held. */
static void apply_rules(struct faults *f, struct kept *k, int status_offset,
			struct verdict *v)
{
	struct rule **p = &f->rules, *rule;

	while ((rule = *p)) {
		if (!rule_matches(&rule->r, k->reply.command)) {
			p = &rule->next;
			continue;
		}
		apply(&rule->r, k, status_offset, v);
		if (rule->r.count != FAULT_FOR_EVER && !--rule->r.count) {
			*p = rule->next;
			free(rule);
		} else {
			p = &rule->next;
		}
	}
}

static struct kept *copy_reply(const struct reply *reply)
{
	size_t room = reply->len > LONGEST_REPLY ? reply->len : LONGEST_REPLY;
	struct kept *k = malloc(sizeof(*k) + room);

	if (!k)
		return NULL;
	k->next = NULL;
	k->due_ns = 0;
	k->twice = false;
	k->reply = *reply;
	k->reply.data = k->data;
	if (reply->len)
		memcpy(k->data, reply->data, reply->len);
	return k;
}

/* Called with the lock held; shrinks the copy to what it holds. */
static void keep(struct faults *f, struct kept *k, const struct verdict *v)
{
	struct kept **p, *smaller = realloc(k, sizeof(*k) + k->reply.len);

	if (smaller) {
		k = smaller;
		k->reply.data = k->data;
	}
	k->twice = v->twice;
	if (v->route == FAULT_DELAY)
		k->due_ns = now_ns() + v->delay_ms * UINT64_C(1000000);
	for (p = &f->kept; *p; p = &(*p)->next)
		;
	*p = k;
	pthread_cond_signal(&f->wake);
}

static bool no_rule_for(struct faults *f, uint32_t command)
{
	const struct rule *rule;

	for (rule = f->rules; rule; rule = rule->next)
		if (rule_matches(&rule->r, command))
			return false;
	return true;
}

/**
 * faults_reply() - send a reply the way the rules say
 * @f: faults
 * @reply: copied when needed
 * @status_offset: of the NTSTATUS in @reply, -1 for none
 * @extra: one more rule, for this reply alone and before the others; or NULL
 */
void faults_reply(struct faults *f, const struct reply *reply,
		  int status_offset, const struct fault_rule *extra)
{
	struct verdict v = { 0 };
	struct kept *k;

	pthread_mutex_lock(&f->lock);
	if (!extra && no_rule_for(f, reply->command)) {
		pthread_mutex_unlock(&f->lock);
		f->sink(f->ctx, reply, NULL, true);
		return;
	}
	k = copy_reply(reply);
	if (!k) {
		pthread_mutex_unlock(&f->lock);
		f->sink(f->ctx, reply, "out of memory", false);
		return;
	}
	if (extra)
		apply(extra, k, status_offset, &v);
	apply_rules(f, k, status_offset, &v);
	if (v.routed && v.route != FAULT_DROP) {
		keep(f, k, &v);
		pthread_mutex_unlock(&f->lock);
		/* The copy may be gone already. */
		f->sink(f->ctx, reply,
			v.route == FAULT_HOLD ? "held" : "delayed", false);
		return;
	}
	pthread_mutex_unlock(&f->lock);
	if (v.routed)
		f->sink(f->ctx, &k->reply, "dropped", false);
	else
		send_reply(f, &k->reply, v.twice, v.altered ? "altered" : NULL);
	free(k);
}

/**
 * faults_held() - how many replies are held
 * @f: faults
 * @command: of which command, or FAULT_ANY_COMMAND
 *
 * Return: number; delayed ones do not count.
 */
unsigned int faults_held(struct faults *f, uint32_t command)
{
	const struct kept *k;
	unsigned int n = 0;

	pthread_mutex_lock(&f->lock);
	for (k = f->kept; k; k = k->next)
		if (!k->due_ns && (command == FAULT_ANY_COMMAND ||
				   command == k->reply.command))
			n++;
	pthread_mutex_unlock(&f->lock);
	return n;
}

static struct kept *take_held(struct faults *f, uint32_t command)
{
	struct kept **p, *k = NULL;

	pthread_mutex_lock(&f->lock);
	for (p = &f->kept; *p; p = &(*p)->next) {
		if ((*p)->due_ns || (command != FAULT_ANY_COMMAND &&
				     command != (*p)->reply.command))
			continue;
		k = *p;
		*p = k->next;
		break;
	}
	pthread_mutex_unlock(&f->lock);
	return k;
}

static void disarm(struct faults *f, uint32_t command, bool holds_only)
{
	struct rule **p = &f->rules, *rule;

	pthread_mutex_lock(&f->lock);
	while ((rule = *p)) {
		if ((holds_only && rule->r.kind != FAULT_HOLD) ||
		    (command != FAULT_ANY_COMMAND &&
		     command != rule->r.command)) {
			p = &rule->next;
			continue;
		}
		*p = rule->next;
		free(rule);
	}
	pthread_mutex_unlock(&f->lock);
}

/**
 * faults_release() - send what is held, and hold no more
 * @f: faults
 * @command: of which command, or FAULT_ANY_COMMAND
 *
 * Return: number of replies sent, oldest first.
 */
unsigned int faults_release(struct faults *f, uint32_t command)
{
	unsigned int n = 0;
	struct kept *k;

	disarm(f, command, true);
	while ((k = take_held(f, command))) {
		send_reply(f, &k->reply, k->twice, "released");
		free(k);
		n++;
	}
	return n;
}

/**
 * faults_clear() - disarm all rules and send what is held
 * @f: faults
 */
void faults_clear(struct faults *f)
{
	disarm(f, FAULT_ANY_COMMAND, false);
	faults_release(f, FAULT_ANY_COMMAND);
}

/**
 * faults_channel_closed() - throw away what was to go there
 * @f: faults
 * @channel: that closed
 */
void faults_channel_closed(struct faults *f, int channel)
{
	struct kept **p = &f->kept, *k;

	pthread_mutex_lock(&f->lock);
	while ((k = *p)) {
		if (k->reply.channel != channel) {
			p = &k->next;
			continue;
		}
		*p = k->next;
		free(k);
	}
	pthread_mutex_unlock(&f->lock);
}
