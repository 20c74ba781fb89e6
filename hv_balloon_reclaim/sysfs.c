// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/hv_balloon_reclaim: one value per file, a "trigger" to ask for
 * something, and "state", which can be polled.  Owns the counters.
 *
 * No locks: the files are there before the reclaim thread is, and go after it.
 */
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/time64.h>

#include "balloon.h"
#include "lever.h"
#include "reclaim.h"
#include "report.h"
#include "request.h"
#include "stats.h"
#include "sysfs.h"

atomic64_t hvb_counters[HVB_COUNTER_COUNT];
atomic64_t hvb_cpu_ns;

static struct kobject *directory;

/* --- what rooms know about themselves ------------------------------------- */

static int show_state(char *text)
{
	static const char *const names[] = {
		[HVB_LOOP_OFF] = "off",
		[HVB_LOOP_NO_LEVER] = "nolever",
		[HVB_LOOP_IDLE] = "idle",
		[HVB_LOOP_RECLAIM] = "reclaim",
		[HVB_LOOP_REFAULTS] = "hold:refaults",
		[HVB_LOOP_CPU] = "hold:cpu",
		[HVB_LOOP_DRY] = "dry",
	};
	unsigned int state = READ_ONCE(hvb_loop_view.state);

	if (state >= HVB_LOOP_HOLD)
		return sysfs_emit(text, "hold:%s\n",
				  hvb_guard_name(state - HVB_LOOP_HOLD));
	return sysfs_emit(text, "%s\n", names[state]);
}

static int show_lever(char *text)
{
	return sysfs_emit(text, "%s\n", hvb_lever_name());
}

static int show_swappiness_key(char *text)
{
	return sysfs_emit(text, "%d\n", hvb_lever_spares_anon());
}

static int show_report_owner(char *text)
{
	static const char *const names[] = {
		[HVB_OWNER_NONE] = "none",
		[HVB_OWNER_SELF] = "self",
		[HVB_OWNER_OTHER] = "other",
		[HVB_OWNER_UNSUPPORTED] = "unsupported",
	};

	return sysfs_emit(text, "%s\n", names[hvb_report_owner()]);
}

static int show_report_order(char *text)
{
	return sysfs_emit(text, "%d\n", hvb_report_order());
}

static int show_reported_by_order(char *text)
{
	int i, length = 0;

	for (i = 0; i < HVB_REPORT_ORDERS; i++)
		length += sysfs_emit_at(text, length, "%d %llu\n", i,
					hvb_report_bytes_of_order(i));
	return length;
}

static int show_holds(char *text)
{
	int i, length = 0;

	for (i = 0; i < HVB_GUARDS; i++)
		length += sysfs_emit_at(text, length, "%s %lu\n",
					hvb_guard_name(i),
					READ_ONCE(hvb_loop_view.holds[i]));
	return length;
}

static int show_cpu_ms(char *text)
{
	return sysfs_emit(text, "%llu\n",
			  (u64)atomic64_read(&hvb_cpu_ns) / NSEC_PER_MSEC);
}

static int show_refault_rate(char *text)
{
	return sysfs_emit(text, "%lu\n", READ_ONCE(hvb_loop_view.refault_rate));
}

#define SHOW_BYTES(field)						\
static int show_##field##_bytes(char *text)				\
{									\
	return sysfs_emit(text, "%llu\n",				\
			  (u64)READ_ONCE(hvb_loop_view.field) << PAGE_SHIFT); \
}

SHOW_BYTES(floor)
SHOW_BYTES(step)
SHOW_BYTES(file)

#define SHOW_OF_DM(name, field, format)					\
static int show_##name(char *text)					\
{									\
	struct hvb_dm_numbers numbers;					\
									\
	hvb_dm_get_numbers(&numbers);					\
	return sysfs_emit(text, format "\n", numbers.field);		\
}

SHOW_OF_DM(dm_connected, connected, "%d")
SHOW_OF_DM(ballooned_pages, ballooned_pages, "%lu")
SHOW_OF_DM(hotadded_pages, hotadded_pages, "%lu")
SHOW_OF_DM(onlined_pages, onlined_pages, "%lu")
SHOW_OF_DM(max_pages, max_pages, "%llu")
SHOW_OF_DM(host_errors, host_errors, "%llu")
SHOW_OF_DM(send_errors, send_errors, "%llu")

/* --- files ---------------------------------------------------------------- */

/**
 * struct value - a file that can be read
 * @attr: for sysfs
 * @show: prints the value, or NULL: it is a counter
 * @counter: which
 */
struct value {
	struct kobj_attribute attr;
	int (*show)(char *text);
	enum hvb_counter counter;
};

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *text)
{
	struct value *value = container_of(attr, struct value, attr);

	if (value->show)
		return value->show(text);
	return sysfs_emit(text, "%llu\n",
			  (u64)atomic64_read(&hvb_counters[value->counter]));
}

#define VALUE(_name) {							\
	.attr = __ATTR(_name, 0444, value_show, NULL),			\
	.show = show_##_name,						\
}

#define COUNTER(_name) {						\
	.attr = __ATTR(_name, 0444, value_show, NULL),			\
	.counter = HVB_##_name,						\
},

static struct value values[] = {
	VALUE(state),
	VALUE(lever),
	VALUE(swappiness_key),
	VALUE(report_owner),
	VALUE(report_order),
	VALUE(reported_by_order),
	VALUE(refault_rate),
	VALUE(floor_bytes),
	VALUE(step_bytes),
	VALUE(file_bytes),
	VALUE(holds),
	VALUE(cpu_ms),
	VALUE(dm_connected),
	VALUE(ballooned_pages),
	VALUE(hotadded_pages),
	VALUE(onlined_pages),
	VALUE(max_pages),
	VALUE(host_errors),
	VALUE(send_errors),
	HVB_COUNTERS(COUNTER)
};

/* --- trigger -------------------------------------------------------------- */

static int reset(void)
{
	int i;

	for (i = 0; i < HVB_COUNTER_COUNT; i++)
		atomic64_set(&hvb_counters[i], 0);
	atomic64_set(&hvb_cpu_ns, 0);
	hvb_report_reset();
	for (i = 0; i < HVB_GUARDS; i++)
		WRITE_ONCE(hvb_loop_view.holds[i], 0);
	return 0;
}

/* "now" or "now BYTES", with a suffix K, M, G if wanted */
static int reclaim_now(const char *text)
{
	char *end;
	u64 bytes;

	text = skip_spaces(text);
	if (!*text)
		return hvb_request(HVB_DO_RECLAIM, 0);
	bytes = memparse(text, &end);
	if (end == text || *end || bytes < PAGE_SIZE)
		return -EINVAL;
	return hvb_request(HVB_DO_RECLAIM, bytes);
}

static int obey(const char *text)
{
	if (!strncmp(text, "now", 3) && (!text[3] || text[3] == ' '))
		return reclaim_now(text + 3);
	if (!strcmp(text, "compact"))
		return hvb_request(HVB_DO_COMPACT, 0);
	if (!strcmp(text, "report")) {
		if (hvb_report_owner() != HVB_OWNER_SELF)
			return -EOPNOTSUPP;
		hvb_report_kick();
		return 0;
	}
	if (!strcmp(text, "reset"))
		return reset();
	return -EINVAL;
}

static ssize_t trigger_store(struct kobject *kobj, struct kobj_attribute *attr,
			     const char *text, size_t size)
{
	char word[32];
	int ret;

	if (strscpy(word, text, sizeof(word)) < 0)
		return -EINVAL;
	ret = obey(strim(word));
	return ret ?: size;
}

static struct kobj_attribute trigger = __ATTR_WO(trigger);

/* --- life ----------------------------------------------------------------- */

static struct attribute *attributes[ARRAY_SIZE(values) + 2];

static const struct attribute_group group = {
	.attrs = attributes,
};

/**
 * hvb_sysfs_state_changed - wake those who poll "state"
 *
 * Context: the reclaim thread.
 */
void hvb_sysfs_state_changed(void)
{
	sysfs_notify(directory, NULL, "state");
}

/**
 * hvb_sysfs_init - make the files
 *
 * Return: 0 or an error.
 */
int hvb_sysfs_init(void)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		sysfs_attr_init(&values[i].attr.attr);
		attributes[i] = &values[i].attr.attr;
	}
	sysfs_attr_init(&trigger.attr);
	attributes[i] = &trigger.attr;

	directory = kobject_create_and_add(KBUILD_MODNAME, kernel_kobj);
	if (!directory)
		return -ENOMEM;
	ret = sysfs_create_group(directory, &group);
	if (ret)
		kobject_put(directory);
	return ret;
}

/**
 * hvb_sysfs_exit - remove the files
 *
 * Waits for readers, and for a writer of "trigger": end requests first.
 */
void hvb_sysfs_exit(void)
{
	kobject_put(directory);
}
