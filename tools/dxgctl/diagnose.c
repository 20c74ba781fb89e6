// SPDX-License-Identifier: GPL-2.0
/*
 * Why is there no GPU? Reads sysfs only; never touches the device. The root
 * of sysfs is an argument so that tests can point at a made-up tree.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "diagnose.h"

enum cause {
	NO_MODULE,
	NO_NODE,
	NO_PERMISSION,
	NO_FUNCTION,
	NO_VGPU_CHANNEL,
	NO_GLOBAL_CHANNEL,
	NOT_STARTED,
};

static const struct diagnosis causes[] = {
	[NO_MODULE] = {
		DXGCTL_NO_DRIVER,
		"dxgkrnl not loaded",
		"modprobe dxgkrnl",
	},
	[NO_NODE] = {
		DXGCTL_NO_DRIVER,
		"/dev/dxg is missing although dxgkrnl is loaded",
		"mount devtmpfs on /dev, or pass the device node into this container",
	},
	[NO_PERMISSION] = {
		DXGCTL_NO_DRIVER,
		"permission denied on /dev/dxg",
		"run as root or change the mode of the node; in a container, allow the device",
	},
	[NO_FUNCTION] = {
		DXGCTL_NO_ADAPTER,
		"no vGPU: PCI function 1414:008e not found",
		"assign a GPU partition to this virtual machine on the Hyper-V host",
	},
	[NO_VGPU_CHANNEL] = {
		DXGCTL_NO_ADAPTER,
		"no vGPU: PCI function present, VMBus channel missing",
		"check that hv_vmbus is loaded and that the host still offers the GPU",
	},
	[NO_GLOBAL_CHANNEL] = {
		DXGCTL_NO_ADAPTER,
		"no vGPU: PCI function and its VMBus channel present, global VMBus channel missing",
		"restart the virtual machine; the host offers this channel once",
	},
	[NOT_STARTED] = {
		DXGCTL_NO_ADAPTER,
		"no vGPU: PCI function and VMBus channels present, but no adapter started",
		"look for dxgkrnl in the kernel log: dmesg | grep dxg",
	},
};

/**
 * struct attribute - sysfs attribute with a certain value
 * @name: file name, NULL for none
 * @value: first line of the file
 */
struct attribute {
	const char *name;
	const char *value;
};

/**
 * struct piece - kind of device to count
 * @bus: bus in sysfs
 * @match: attributes a device has to have
 */
struct piece {
	const char *bus;
	struct attribute match[2];
};

static const struct piece vgpu_function = {
	"pci", { { "vendor", "0x1414" }, { "device", "0x008e" } },
};

static const struct piece compute_function = {
	"pci", { { "vendor", "0x1414" }, { "device", "0x008a" } },
};

static const struct piece vgpu_channel = {
	"vmbus", { { "class_id", "{6e382d18-3336-4f4b-acc4-2b7703d4df4a}" } },
};

static const struct piece global_channel = {
	"vmbus", { { "class_id", "{dde9cbc0-5060-4436-9448-ea1254a5d177}" } },
};

static bool has_attribute(const char *bus, const char *device,
			  const struct attribute *attribute)
{
	char path[PATH_MAX], value[64];
	FILE *file;
	bool ok;

	if (snprintf(path, sizeof(path), "%s/%s/%s", bus, device,
		     attribute->name) >= (int)sizeof(path))
		return false;
	file = fopen(path, "re");
	if (!file)
		return false;
	ok = fgets(value, sizeof(value), file);
	fclose(file);
	if (!ok)
		return false;
	value[strcspn(value, "\n")] = '\0';
	return !strcmp(value, attribute->value);
}

static unsigned int count_devices(const char *sysfs, const struct piece *piece)
{
	unsigned int count = 0;
	struct dirent *entry;
	char bus[PATH_MAX];
	DIR *dir;

	if (snprintf(bus, sizeof(bus), "%s/bus/%s/devices", sysfs,
		     piece->bus) >= (int)sizeof(bus))
		return 0;
	dir = opendir(bus);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.' &&
		    has_attribute(bus, entry->d_name, &piece->match[0]) &&
		    (!piece->match[1].name ||
		     has_attribute(bus, entry->d_name, &piece->match[1])))
			count++;
	}
	closedir(dir);
	return count;
}

/**
 * presence_scan() - look for the pieces of a GPU-PV guest
 * @sysfs: root of the tree, "/sys" outside tests
 * @presence: receives what was found
 */
void presence_scan(const char *sysfs, struct presence *presence)
{
	char path[PATH_MAX];

	*presence = (struct presence){
		.vgpu_functions = count_devices(sysfs, &vgpu_function),
		.compute_functions = count_devices(sysfs, &compute_function),
		.vgpu_channels = count_devices(sysfs, &vgpu_channel),
		.global_channels = count_devices(sysfs, &global_channel),
	};
	if (snprintf(path, sizeof(path), "%s/module/dxgkrnl", sysfs) <
	    (int)sizeof(path))
		presence->module = !access(path, F_OK);
}

/**
 * diagnose_no_adapter() - the driver works but lists nothing
 * @presence: result of presence_scan()
 *
 * Return: cause and hint.
 */
struct diagnosis diagnose_no_adapter(const struct presence *presence)
{
	if (!presence->vgpu_functions && !presence->compute_functions)
		return causes[NO_FUNCTION];
	if (!presence->vgpu_channels)
		return causes[NO_VGPU_CHANNEL];
	if (!presence->global_channels)
		return causes[NO_GLOBAL_CHANNEL];
	return causes[NOT_STARTED];
}

/**
 * diagnose_open() - /dev/dxg could not be opened
 * @error: positive errno of open(); EBADF says that the driver has no global
 *	channel, so no adapter can have started
 * @presence: result of presence_scan()
 *
 * Return: cause, hint and exit status.
 */
struct diagnosis diagnose_open(int error, const struct presence *presence)
{
	switch (error) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return causes[presence->module ? NO_NODE : NO_MODULE];
	case EACCES:
	case EPERM:
		return causes[NO_PERMISSION];
	case EBADF:
		return diagnose_no_adapter(presence);
	default:
		return (struct diagnosis){
			.status = DXGCTL_NO_DRIVER,
			.cause = strerror(error),
		};
	}
}

/**
 * diagnose_call() - usual reason of a failed ioctl
 * @error: positive errno
 *
 * Return: one line in the context of the GPU driver, or NULL.
 */
const char *diagnose_call(int error)
{
	switch (error) {
	case ENODEV:
		return "the adapter was removed or its host went away";
	case ENOTTY:
		return "the driver does not implement this call";
	case ENOMEM:
		return "out of memory in the guest, or over the host's budget";
	case EINVAL:
		return "the driver or the host refused the arguments";
	case EPERM:
		return "the host does not support this call";
	case EIO:
		return "the GPU device is in error state";
	case EPROTO:
		return "the host answered with other data than expected";
	case ETIMEDOUT:
		return "the GPU did not finish";
	default:
		return NULL;
	}
}

/**
 * diagnose_enumeration() - the list of adapters could not be read
 * @error: positive errno
 *
 * Return: cause and exit status.
 */
struct diagnosis diagnose_enumeration(int error)
{
	const char *cause = diagnose_call(error);

	return (struct diagnosis){
		.status = DXGCTL_CALL_FAILED,
		.cause = cause ? cause : strerror(error),
		.hint = causes[NOT_STARTED].hint,
	};
}

/**
 * diagnosis_print() - tell the user
 * @diagnosis: what to say; goes to standard error
 */
void diagnosis_print(const struct diagnosis *diagnosis)
{
	fprintf(stderr, "dxgctl: %s\n", diagnosis->cause);
	if (diagnosis->hint)
		fprintf(stderr, "dxgctl: hint: %s\n", diagnosis->hint);
}
