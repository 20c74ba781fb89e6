// SPDX-License-Identifier: GPL-2.0
/*
 * One open channel: rings, consumer thread, producer queue. See bus.h.
 *
 * The consumer takes one packet at a time, gives its space back at once and
 * hands it on. It is also the only one that waits for room in the host-to-guest
 * ring: channel_send() never blocks, what does not fit is queued and written
 * when the guest signals room. While much is queued the consumer takes nothing
 * more, so a guest that does not read its answers fills its own ring instead of
 * our memory.
 *
 * The guest can take the ring pages away under our hands (a rescind that we did
 * not ask for): the access then raises SIGBUS, and the handler puts zero pages
 * in their place. That reads as a damaged ring, and the close event follows.
 */
#include "bus.h"

#include "mock_vmbus_uapi.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Packets waiting for room: from the first on stop consuming, at the second
 * the guest is beyond help and further packets are lost.
 */
#define QUEUE_PAUSE	256u
#define QUEUE_LIMIT	65536u

struct channel_packet {
	struct channel_packet *next;
	uint64_t trans_id;
	uint16_t type;
	size_t len;
	uint8_t data[];
};

/* Ring mappings, for the SIGBUS handler: published before use, never moved. */
static struct ring_mapping {
	uintptr_t start;
	size_t size;
	bool gone;
} ring_mappings[BUS_CHANNELS];

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	uintptr_t addr = (uintptr_t)info->si_addr;
	unsigned int i;

	(void)context;
	for (i = 0; i < BUS_CHANNELS; i++) {
		struct ring_mapping *m = &ring_mappings[i];
		uintptr_t start = __atomic_load_n(&m->start, __ATOMIC_ACQUIRE);
		void *p;

		if (!start || addr < start || addr - start >= m->size)
			continue;
		p = mmap((void *)start, m->size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		if (p == MAP_FAILED)
			break;
		__atomic_store_n(&m->gone, true, __ATOMIC_RELAXED);
		return;
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

/**
 * channel_catch_sigbus() - survive ring pages that the guest took away
 *
 * Process-wide; call once before the first channel_open().
 *
 * Return: 0 or -errno.
 */
int channel_catch_sigbus(void)
{
	struct sigaction sa = { .sa_sigaction = on_sigbus,
				.sa_flags = SA_SIGINFO | SA_NODEFER };

	return sigaction(SIGBUS, &sa, NULL) ? -errno : 0;
}

static struct ring_mapping *mapping_of(const struct channel *ch)
{
	return &ring_mappings[ch->number - HOST_CHANNEL_GLOBAL];
}

static void poke(int fd)
{
	uint64_t one = 1;
	ssize_t n;

	/* Fails only when the counter is at its limit: already signalled. */
	n = write(fd, &one, sizeof(one));
	(void)n;
}

static void drain_eventfd(int fd)
{
	uint64_t count;
	ssize_t n;

	n = read(fd, &count, sizeof(count));
	(void)n;
}

/* Write the oldest queued packet; 0, -EAGAIN, or what makes it undeliverable.
 * The guest may make room between a refusal and the request for a signal, so
 * try again after the request.
 */
static int write_one(struct channel *ch, const struct channel_packet *pkt)
{
	bool signal;
	int err;

	err = ring_write(&ch->out, pkt->type, 0, pkt->trans_id, pkt->data,
			 pkt->len, &signal);
	if (err == -EAGAIN) {
		ring_want_room(&ch->out, pkt->len);
		err = ring_write(&ch->out, pkt->type, 0, pkt->trans_id,
				 pkt->data, pkt->len, &signal);
	}
	if (!err && signal)
		poke(ch->irqfd);
	return err;
}

static void unlink_first(struct channel *ch)
{
	struct channel_packet *pkt = ch->queue;

	ch->queue = pkt->next;
	if (!ch->queue)
		ch->queue_end = &ch->queue;
	ch->queued--;
	free(pkt);
}

/* Called with the lock held. */
static void flush_queue(struct channel *ch)
{
	if (!ch->queue)
		return;
	while (ch->queue) {
		if (write_one(ch, ch->queue) == -EAGAIN)
			return;
		unlink_first(ch);
	}
	ring_enough_room(&ch->out);
}

static void drop_queue(struct channel *ch)
{
	while (ch->queue)
		unlink_first(ch);
}

/* Called with the lock held. Not the guest's fault when it has taken the rings
 * back already: the close event is on its way then.
 */
static void mark_corrupt(struct channel *ch, enum ring_fault fault,
			 const char *which)
{
	char detail[64];

	if (ch->corrupt || ch->stopping)
		return;
	ch->corrupt = true;
	drop_queue(ch);
	if (__atomic_load_n(&mapping_of(ch)->gone, __ATOMIC_RELAXED))
		return;
	snprintf(detail, sizeof(detail), "%s ring: %s", which,
		 ring_fault_name(fault));
	bus_note(ch->bus, ch->number, "ring corrupt", detail);
}

/* Called with the lock held. Shall the guest's packets stay where they are? */
static bool is_paused(const struct channel *ch)
{
	return ch->stalled || ch->withdrawn || ch->corrupt ||
	       ch->queued >= QUEUE_PAUSE;
}

/* One turn of the consumer: true when a packet was taken. */
static bool take_packet(struct channel *ch, uint8_t *buf)
{
	struct ring_packet pkt;
	bool pause;
	int n;

	pthread_mutex_lock(&ch->lock);
	flush_queue(ch);
	if (ch->out.fault)
		mark_corrupt(ch, ch->out.fault, "host-to-guest");
	pause = ch->stopping || is_paused(ch);
	pthread_mutex_unlock(&ch->lock);
	if (pause)
		return false;

	n = ring_read(&ch->in, buf, RING_MAX_PACKET, &pkt);
	if (n == 1) {
		if (ring_release(&ch->in))
			poke(ch->irqfd);
		bus_packet(ch->bus, ch->number, &pkt);
		__atomic_add_fetch(&ch->taken, 1, __ATOMIC_RELAXED);
	}
	if (!ch->in.fault)
		return n == 1;

	pthread_mutex_lock(&ch->lock);
	mark_corrupt(ch, ch->in.fault, "guest-to-host");
	pthread_mutex_unlock(&ch->lock);
	return false;
}

/* May the consumer sleep? While it is paused the mask stays set: nothing is
 * wanted from the guest but room.
 */
static bool may_sleep(struct channel *ch)
{
	bool paused;

	pthread_mutex_lock(&ch->lock);
	paused = is_paused(ch);
	pthread_mutex_unlock(&ch->lock);
	return paused || ring_may_sleep(&ch->in);
}

static unsigned int questions(struct channel *ch)
{
	unsigned int asked;

	pthread_mutex_lock(&ch->lock);
	asked = ch->asked;
	pthread_mutex_unlock(&ch->lock);
	return asked;
}

/* Nothing is left of what was there when the question was asked. */
static void answer(struct channel *ch, unsigned int asked)
{
	pthread_mutex_lock(&ch->lock);
	ch->answered = asked;
	pthread_mutex_unlock(&ch->lock);
}

static void *consume(void *arg)
{
	struct channel *ch = arg;
	unsigned int asked;
	struct pollfd fds[] = {
		{ .fd = ch->kickfd, .events = POLLIN },
		{ .fd = ch->wakefd, .events = POLLIN },
	};
	uint8_t *buf = malloc(RING_MAX_PACKET);

	if (!buf) {
		bus_note(ch->bus, ch->number, "out of memory", NULL);
		return NULL;
	}
	for (;;) {
		asked = questions(ch);
		ring_wake(&ch->in);
		while (take_packet(ch, buf))
			;
		if (channel_stopping(ch))
			break;
		if (!may_sleep(ch))
			continue;
		answer(ch, asked);
		poll(fds, 2, -1);
		drain_eventfd(ch->kickfd);
		drain_eventfd(ch->wakefd);
	}
	free(buf);
	return NULL;
}

/**
 * channel_init() - a channel that is neither offered nor open
 * @ch: memory to fill in
 * @bus: owner
 * @number: HOST_CHANNEL_GLOBAL or adapter index
 */
void channel_init(struct channel *ch, struct bus *bus, int number)
{
	memset(ch, 0, sizeof(*ch));
	ch->bus = bus;
	ch->number = number;
	ch->kickfd = -1;
	ch->irqfd = -1;
	ch->wakefd = -1;
	ch->queue_end = &ch->queue;
	pthread_mutex_init(&ch->lock, NULL);
}

/**
 * channel_destroy() - undo channel_init()
 * @ch: closed channel
 */
void channel_destroy(struct channel *ch)
{
	pthread_mutex_destroy(&ch->lock);
}

static void release_resources(struct channel *ch)
{
	if (ch->map) {
		__atomic_store_n(&mapping_of(ch)->start, 0, __ATOMIC_RELEASE);
		munmap(ch->map, ch->map_size);
	}
	ch->map = NULL;
	if (ch->kickfd >= 0)
		close(ch->kickfd);
	if (ch->irqfd >= 0)
		close(ch->irqfd);
	if (ch->wakefd >= 0)
		close(ch->wakefd);
	ch->kickfd = -1;
	ch->irqfd = -1;
	ch->wakefd = -1;
}

static int map_rings(struct channel *ch, int fd, size_t size, size_t out_offset)
{
	uint8_t *map;
	int err;

	if (out_offset >= size)
		return -EINVAL;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   (off_t)MOCK_VMBUS_RING_OFFSET(ch->relid));
	if (map == MAP_FAILED)
		return -errno;
	ch->map = map;
	ch->map_size = size;
	mapping_of(ch)->size = size;
	mapping_of(ch)->gone = false;
	__atomic_store_n(&mapping_of(ch)->start, (uintptr_t)map,
			 __ATOMIC_RELEASE);

	err = ring_init(&ch->in, map, out_offset);
	if (!err)
		err = ring_init(&ch->out, map + out_offset, size - out_offset);
	if (err)
		return err;
	ring_start_consumer(&ch->in);
	ring_start_producer(&ch->out);
	return 0;
}

static int attach_eventfd(int fd, unsigned long request, uint32_t relid,
			  int eventfd)
{
	struct mock_vmbus_eventfd arg = { .relid = relid, .fd = eventfd };

	return ioctl(fd, request, &arg) ? -errno : 0;
}

static int make_eventfds(struct channel *ch, int fd)
{
	int err;

	ch->kickfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ch->irqfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ch->wakefd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ch->kickfd < 0 || ch->irqfd < 0 || ch->wakefd < 0)
		return -errno;
	err = attach_eventfd(fd, MOCK_VMBUS_SET_KICKFD, ch->relid, ch->kickfd);
	if (err)
		return err;
	return attach_eventfd(fd, MOCK_VMBUS_SET_IRQFD, ch->relid, ch->irqfd);
}

/**
 * channel_open() - take up both rings and start the consumer
 * @ch: offered channel
 * @fd: device file
 * @size: bytes of both rings
 * @out_offset: where the host-to-guest ring starts
 *
 * Event thread only.
 *
 * Return: 0 or -errno; on failure the channel stays closed.
 */
int channel_open(struct channel *ch, int fd, size_t size, size_t out_offset)
{
	int err;

	if (ch->open)
		return -EBUSY;
	ch->stopping = false;
	ch->stalled = false;
	ch->withdrawn = false;
	ch->corrupt = false;
	err = map_rings(ch, fd, size, out_offset);
	if (!err)
		err = make_eventfds(ch, fd);
	if (!err)
		err = -pthread_create(&ch->thread, NULL, consume, ch);
	if (err) {
		release_resources(ch);
		return err;
	}
	pthread_mutex_lock(&ch->lock);
	ch->open = true;
	pthread_mutex_unlock(&ch->lock);
	return 0;
}

/**
 * channel_close() - end the consumer and forget the rings
 * @ch: channel; nothing happens when it is not open
 *
 * Event thread only, because it waits for the consumer.
 */
void channel_close(struct channel *ch)
{
	pthread_mutex_lock(&ch->lock);
	if (!ch->open) {
		pthread_mutex_unlock(&ch->lock);
		return;
	}
	ch->stopping = true;
	poke(ch->wakefd);
	pthread_mutex_unlock(&ch->lock);

	pthread_join(ch->thread, NULL);

	pthread_mutex_lock(&ch->lock);
	ch->open = false;
	drop_queue(ch);
	release_resources(ch);
	pthread_mutex_unlock(&ch->lock);
}

/**
 * channel_send() - send a packet, now or when there is room
 * @ch: channel; without effect when it is not open
 * @type: RING_TYPE_*
 * @trans_id: transaction id
 * @buf: payload, copied
 * @len: bytes
 *
 * Any thread, never blocks. Packets are delivered in the order of the calls.
 */
void channel_send(struct channel *ch, uint16_t type, uint64_t trans_id,
		  const void *buf, size_t len)
{
	struct channel_packet *pkt;
	bool limit = false, deaf;

	pkt = malloc(sizeof(*pkt) + len);
	if (!pkt) {
		bus_note(ch->bus, ch->number, "out of memory", NULL);
		return;
	}
	pkt->next = NULL;
	pkt->type = type;
	pkt->trans_id = trans_id;
	pkt->len = len;
	if (len)
		memcpy(pkt->data, buf, len);

	pthread_mutex_lock(&ch->lock);
	deaf = !ch->open || ch->stopping || ch->withdrawn || ch->corrupt;
	limit = !deaf && ch->queued >= QUEUE_LIMIT;
	if (deaf || limit)
		goto drop;
	*ch->queue_end = pkt;
	ch->queue_end = &pkt->next;
	ch->queued++;
	flush_queue(ch);
	pthread_mutex_unlock(&ch->lock);
	return;

drop:
	pthread_mutex_unlock(&ch->lock);
	free(pkt);
	if (limit)
		bus_note(ch->bus, ch->number, "packet lost",
			 "guest does not read");
}

/**
 * channel_queued() - packets that wait for room
 * @ch: channel
 *
 * Return: their number, or -ENOTCONN when the guest does not listen.
 */
int channel_queued(struct channel *ch)
{
	int queued = -ENOTCONN;

	pthread_mutex_lock(&ch->lock);
	if (ch->open && !ch->stopping && !ch->withdrawn && !ch->corrupt)
		queued = ch->queued;
	pthread_mutex_unlock(&ch->lock);
	return queued;
}

/**
 * channel_ask() - have the consumer say when it has taken all that is there now
 * @ch: channel
 *
 * Return: ticket for channel_answered().
 */
unsigned int channel_ask(struct channel *ch)
{
	unsigned int ticket;

	pthread_mutex_lock(&ch->lock);
	ticket = ++ch->asked;
	if (ch->open)
		poke(ch->wakefd);
	pthread_mutex_unlock(&ch->lock);
	return ticket;
}

/**
 * channel_answered() - has it?
 * @ch: channel
 * @ticket: from channel_ask()
 *
 * Return: true also when there is no consumer, or when it takes nothing.
 */
bool channel_answered(struct channel *ch, unsigned int ticket)
{
	bool answered;

	pthread_mutex_lock(&ch->lock);
	answered = !ch->open || (int)(ch->answered - ticket) >= 0;
	pthread_mutex_unlock(&ch->lock);
	return answered;
}

/**
 * channel_stopping() - shall the consumer end?
 * @ch: channel
 */
bool channel_stopping(struct channel *ch)
{
	bool stopping;

	pthread_mutex_lock(&ch->lock);
	stopping = ch->stopping;
	pthread_mutex_unlock(&ch->lock);
	return stopping;
}

/**
 * channel_taken() - packets that were taken and handled so far
 * @ch: channel
 *
 * Return: their number.
 */
uint64_t channel_taken(const struct channel *ch)
{
	return __atomic_load_n(&ch->taken, __ATOMIC_RELAXED);
}

/**
 * channel_stall() - stop taking packets, or go on
 * @ch: channel; without effect when it is not open
 * @stalled: whether the guest shall find its ring unattended
 */
void channel_stall(struct channel *ch, bool stalled)
{
	pthread_mutex_lock(&ch->lock);
	ch->stalled = stalled;
	if (ch->open)
		poke(ch->wakefd);
	pthread_mutex_unlock(&ch->lock);
}

/**
 * channel_withdraw() - the channel is about to be rescinded
 * @ch: channel
 *
 * The guest may still be able to use it for a while, but no answer reaches it
 * any more.
 */
void channel_withdraw(struct channel *ch)
{
	pthread_mutex_lock(&ch->lock);
	ch->withdrawn = true;
	drop_queue(ch);
	pthread_mutex_unlock(&ch->lock);
}
