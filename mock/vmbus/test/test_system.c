// SPDX-License-Identifier: GPL-2.0
/* PCI functions, rights, settle, the in-kernel host. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "selftest.h"

static void pci_image(struct mock_vmbus_pci_add *add, uint16_t device)
{
	memset(add, 0, sizeof(*add));
	add->image[0] = 0x14;
	add->image[1] = 0x14;
	add->image[2] = device;
	add->image[3] = device >> 8;
	add->image[10] = 0x02;
	add->image[11] = 0x03;
	add->image[208] = 40;
	add->mask[4] = 7;
	add->mask[5] = 4;
	add->mask[60] = 0xff;
}

/* Adds a function and takes the records of the core's own writes. */
static void pci_add(uint16_t device, uint32_t *fn, uint32_t *domain)
{
	struct mock_vmbus_pci_add add;
	struct mock_vmbus_record rec;

	pci_image(&add, device);
	EXPECT(host_ioctl(MOCK_VMBUS_PCI_ADD, &add) == 0);
	EXPECT(host_until(MOCK_VMBUS_EV_PCI_ADDED, &rec) == 0);
	EXPECT(rec.status == 0 && rec.gpadl == add.fn);
	*fn = add.fn;
	*domain = rec.arg[0];
}

static int config_open(uint32_t domain)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%04x:00:00.0/config",
		 domain);
	return open(path, O_RDWR);
}

static void check_config(uint32_t fn, uint32_t domain, uint16_t device)
{
	struct mock_vmbus_pci_set set = { .fn = fn, .offset = 212, .length = 4 };
	struct mock_vmbus_record rec;
	int fd = config_open(domain);
	uint16_t ids[2];
	uint32_t word = 0x01020304;

	EXPECT(fd >= 0);
	EXPECT(pread(fd, ids, 4, 0) == 4);
	EXPECT(ids[0] == 0x1414 && ids[1] == device);
	/* A write is an event, and changes nothing without mask bits. */
	EXPECT(pwrite(fd, &word, 4, 212) == 4);
	EXPECT(host_next(&rec) == 0 && rec.type == MOCK_VMBUS_EV_PCI_WRITE);
	EXPECT(rec.gpadl == fn && rec.arg[0] == 212 && rec.arg[1] == 4);
	EXPECT(rec.arg[2] == 0x01020304);
	EXPECT(pread(fd, &word, 4, 212) == 4 && word == 0);
	EXPECT(pwrite(fd, "\xa7", 1, 60) == 1);
	EXPECT(host_next(&rec) == 0 && rec.arg[0] == 60 && rec.arg[1] == 1);
	EXPECT(pread(fd, &word, 4, 60) == 4 && word == 0xa7);
	memcpy(set.data, "\x55\x66\x77\x88", 4);
	EXPECT(host_ioctl(MOCK_VMBUS_PCI_SET, &set) == 0);
	EXPECT(pread(fd, &word, 4, 212) == 4 && word == 0x88776655);
	set.offset = 253;
	EXPECT(host_ioctl(MOCK_VMBUS_PCI_SET, &set) == -EINVAL);
	close(fd);
}

static void test_pci(void)
{
	struct mock_vmbus_pci_del del = { .flags = MOCK_VMBUS_PCI_DEL_WAIT };
	struct mock_vmbus_record rec;
	uint32_t fn[2], domain[2];
	int fd;

	pci_add(0x008e, &fn[0], &domain[0]);
	pci_add(0x008a, &fn[1], &domain[1]);
	EXPECT(fn[0] != fn[1] && domain[0] != domain[1]);
	check_config(fn[0], domain[0], 0x008e);
	check_config(fn[1], domain[1], 0x008a);
	/* An open file keeps the device: reading afterwards is harmless. */
	fd = config_open(domain[0]);
	EXPECT(fd >= 0);
	del.fn = fn[0];
	EXPECT(host_ioctl(MOCK_VMBUS_PCI_DEL, &del) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PCI_REMOVED, &rec) == 0);
	EXPECT(rec.gpadl == fn[0]);
	EXPECT(config_open(domain[0]) == -1);
	EXPECT(host_ioctl(MOCK_VMBUS_PCI_DEL, &del) == -ENOENT);
	close(fd);
	del.fn = 0;
	EXPECT(host_ioctl(MOCK_VMBUS_PCI_DEL, &del) == 0);
	EXPECT(config_open(domain[1]) == -1);
	/* Left for the end of the host. */
	pci_add(0x008e, &fn[0], &domain[0]);
}

/* The errno of an open without any capability; the way to /dev may be closed. */
static int try_open_as_nobody(void)
{
	int dir = open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t child = fork();
	int status;

	if (!child) {
		if (setuid(65534))
			_exit(255);
		_exit(openat(dir, "mock_vmbus", O_RDWR) < 0 ? errno : 0);
	}
	close(dir);
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static void test_rights(void)
{
	EXPECT(try_open_as_nobody() == EACCES);
	EXPECT(open(MOCK_VMBUS_DEVICE, O_RDWR) == -1 && errno == EBUSY);
	EXPECT(chmod(MOCK_VMBUS_DEVICE, 0666) == 0);
	EXPECT(try_open_as_nobody() == EPERM);
	EXPECT(chmod(MOCK_VMBUS_DEVICE, 0600) == 0);
}

static void test_bad_calls(void)
{
	struct mock_vmbus_record rec;
	struct mock_vmbus_settle settle = { .relid = 0, .timeout_ms = 0 };
	/* NULL, but the compiler cannot know. */
	void *nowhere = host_map(3ull << MOCK_VMBUS_MMAP_REGION_SHIFT, PAGE);

	EXPECT(ioctl(host_fd, _IO(MOCK_VMBUS_IOC, 99)) == -1);
	EXPECT(errno == ENOTTY);
	EXPECT(ioctl(host_fd, _IOW(MOCK_VMBUS_IOC, 2, uint64_t[9]), &rec) == -1);
	EXPECT(errno == ENOTTY);
	EXPECT(host_ioctl(MOCK_VMBUS_GET_INFO, NULL) == -EFAULT);
	EXPECT(read(host_fd, &rec, 63) == -1 && errno == EINVAL);
	EXPECT(fcntl(host_fd, F_SETFL, O_NONBLOCK) == 0);
	EXPECT(read(host_fd, &rec, 64) == -1 && errno == EAGAIN);
	EXPECT(host_ioctl(MOCK_VMBUS_SETTLE, &settle) == 0);
	/* A record is not lost when it cannot be stored. */
	EXPECT(host_offer(1, 0, 0) > 0 && host_settle() == 0);
	EXPECT(read(host_fd, nowhere, 64) == -1 && errno == EFAULT);
	EXPECT(read(host_fd, &rec, 64) == 64);
	EXPECT(rec.type == MOCK_VMBUS_EV_PROBE_DONE);
}

/* Two hosts at once, when the parameter allows it; numbers are the bus's. */
static void test_instances(void)
{
	struct mock_vmbus_offer offer = {
		.type = MOCK_ECHO_CLASS,
		.instance = { [15] = 2 },
	};
	struct mock_vmbus_rescind rescind = { .relid = 1 };
	int other;

	EXPECT(host_channel(1, 0) == 1);
	EXPECT(set_parameter("instances", "2") == 0);
	other = open(MOCK_VMBUS_DEVICE, O_RDWR | O_CLOEXEC);
	EXPECT(set_parameter("instances", "1") == 0);
	EXPECT(other >= 0);
	EXPECT(ioctl(other, MOCK_VMBUS_OFFER, &offer) == 0 && offer.relid == 2);
	/* Neither reaches what is the other's. */
	EXPECT(ioctl(other, MOCK_VMBUS_RESCIND, &rescind) == -1);
	EXPECT(errno == ENOENT);
	EXPECT(host_rescind(2, 0) == -ENOENT);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, other,
		    MOCK_VMBUS_RING_OFFSET(1)) == MAP_FAILED);
	EXPECT(errno == ENOENT);
	close(other);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
}

/* A probe that waits for this very thread: settle cannot succeed. */
static void test_settle_limit(void)
{
	struct mock_vmbus_settle settle = { .timeout_ms = 50 };
	struct mock_vmbus_record rec;

	EXPECT(host_offer(1, MOCK_ECHO_OPEN_IN_PROBE, 0) > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec) == 0);
	EXPECT(host_ioctl(MOCK_VMBUS_SETTLE, &settle) == -ETIMEDOUT);
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_OPEN, &rec) == 0);
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
}

static void test_kernel_host(void)
{
	struct guest_op op;

	host_close();
	guest_prepare(&op, 0, MOCK_ECHO_OP_KHOST, 0, 0, 0);
	EXPECT(guest_start(&op) == 0);
	guest_join(&op);
	if (op.ret)
		printf("# echo_khost.c:%u\n", (unsigned int)op.run.out[0]);
	EXPECT(op.ret == 0);
}

const struct test system_tests[] = {
	{ "PCI functions", test_pci },
	{ "rights", test_rights },
	{ "bad calls", test_bad_calls },
	{ "settle limit", test_settle_limit },
	{ "several hosts", test_instances },
	{ "in-kernel host", test_kernel_host },
	{ NULL, NULL },
};
