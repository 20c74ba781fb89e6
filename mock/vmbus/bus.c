// SPDX-License-Identifier: GPL-2.0
/*
 * The bus type "vmbus": driver registration, matching, devices.
 *
 * Devices are created in the offer work and removed in the rescind work, never
 * in a host's call: a probe that opens its channel waits for the host's answer.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"
#include "internal.h"

/**
 * struct dynid - id added through the new_id file of a driver
 * @node: on hv_driver.dynids.list
 * @id: handed to probe
 */
struct dynid {
	struct list_head node;
	struct hv_vmbus_device_id id;
};

static const struct hv_vmbus_device_id null_id;

/* mock_channel.driver_override; matching is not under the device's lock */
static DEFINE_SPINLOCK(override_lock);

static const struct hv_vmbus_device_id *match_dynamic(struct hv_driver *drv,
						      const guid_t *guid)
{
	const struct hv_vmbus_device_id *id = NULL;
	struct dynid *dynid;

	spin_lock(&drv->dynids.lock);
	list_for_each_entry(dynid, &drv->dynids.list, node) {
		if (guid_equal(&dynid->id.guid, guid)) {
			id = &dynid->id;
			break;
		}
	}
	spin_unlock(&drv->dynids.lock);
	return id;
}

static const struct hv_vmbus_device_id *match_id(struct hv_driver *drv,
						 const guid_t *guid)
{
	const struct hv_vmbus_device_id *id = match_dynamic(drv, guid);

	if (id)
		return id;
	for (id = drv->id_table; id && !guid_is_null(&id->guid); id++)
		if (guid_equal(&id->guid, guid))
			return id;
	return NULL;
}

/* With an override, the name alone decides, whatever ids a driver knows. */
static bool may_have(struct hv_driver *drv, struct hv_device *hdev)
{
	const char *override;
	bool is = false;

	spin_lock(&override_lock);
	override = to_mock(hdev->channel)->driver_override;
	if (override)
		is = !strcmp(override, drv->name);
	spin_unlock(&override_lock);
	return override ? is : !!match_id(drv, &hdev->dev_type);
}

static int __maybe_unused bus_match_const(struct device *dev,
					  const struct device_driver *driver)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);
	struct hv_driver *drv;

	drv = container_of((struct device_driver *)driver, struct hv_driver,
			   driver);
	if (!may_have(drv, hdev))
		return 0;
	/* Settling waits for the probe that follows, if the device is free. */
	if (!READ_ONCE(dev->driver))
		set_bit(CH_PROBE_WANTED, &to_mock(hdev->channel)->state);
	return 1;
}

static int __maybe_unused bus_match_plain(struct device *dev,
					  struct device_driver *driver)
{
	return bus_match_const(dev, driver);
}

static void check_closed(struct mock_channel *ch, const char *after)
{
	if (ch->guest->vmbus.state != CHANNEL_OPEN_STATE)
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_STILL_OPEN,
			       "channel still open after %s (state %d)", after,
			       ch->guest->vmbus.state);
}

static int bus_probe(struct device *dev)
{
	struct hv_driver *drv = container_of(dev->driver, struct hv_driver,
					     driver);
	struct hv_device *hdev = container_of(dev, struct hv_device, device);
	struct mock_channel *ch = to_mock(hdev->channel);
	const struct hv_vmbus_device_id *id;
	int ret = -ENODEV;

	if (drv->probe) {
		id = match_id(drv, &hdev->dev_type);
		ret = drv->probe(hdev, id ? id : &null_id);
		if (ret)
			check_closed(ch, "failed probe");
	}
	clear_bit(CH_PROBE_WANTED, &ch->state);
	if (ch->host->ops->probed)
		ch->host->ops->probed(ch, drv->name, ret);
	return ret;
}

static void bus_remove(struct device *dev)
{
	struct hv_driver *drv = container_of(dev->driver, struct hv_driver,
					     driver);
	struct hv_device *hdev = container_of(dev, struct hv_device, device);
	struct mock_channel *ch = to_mock(hdev->channel);

	if (drv->remove)
		drv->remove(hdev);
	check_closed(ch, "remove");
	if (ch->host->ops->removed)
		ch->host->ops->removed(ch, drv->name);
}

static void bus_shutdown(struct device *dev)
{
	struct hv_driver *drv;

	if (!dev->driver)
		return;
	drv = container_of(dev->driver, struct hv_driver, driver);
	if (drv->shutdown)
		drv->shutdown(container_of(dev, struct hv_device, device));
}

static int __maybe_unused bus_uevent_const(const struct device *dev,
					   struct kobj_uevent_env *env)
{
	const struct hv_device *hdev = container_of(dev, struct hv_device,
						    device);

	return add_uevent_var(env, "MODALIAS=vmbus:%*phN", UUID_SIZE,
			      &hdev->dev_type);
}

static int __maybe_unused bus_uevent_plain(struct device *dev,
					   struct kobj_uevent_env *env)
{
	return bus_uevent_const(dev, env);
}

static ssize_t class_id_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "{%pUl}\n",
			  &container_of(dev, struct hv_device, device)->dev_type);
}
static DEVICE_ATTR_RO(class_id);

static ssize_t device_id_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);

	return sysfs_emit(buf, "{%pUl}\n", &hdev->dev_instance);
}
static DEVICE_ATTR_RO(device_id);

static ssize_t id_show(struct device *dev, struct device_attribute *attr,
		       char *buf)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);

	return sysfs_emit(buf, "%u\n", hdev->channel->offermsg.child_relid);
}
static DEVICE_ATTR_RO(id);

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);

	return sysfs_emit(buf, "%d\n", READ_ONCE(hdev->channel->state));
}
static DEVICE_ATTR_RO(state);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);

	return sysfs_emit(buf, "vmbus:%*phN\n", UUID_SIZE, &hdev->dev_type);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t driver_override_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);
	const char *override;
	ssize_t len;

	spin_lock(&override_lock);
	override = to_mock(hdev->channel)->driver_override;
	len = sysfs_emit(buf, "%s\n", override ? override : "(null)");
	spin_unlock(&override_lock);
	return len;
}

/* A name, or an empty line for "no override". */
static ssize_t driver_override_store(struct device *dev,
				     struct device_attribute *attr,
				     const char *buf, size_t count)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);
	struct mock_channel *ch = to_mock(hdev->channel);
	char *name = kstrndup(buf, count, GFP_KERNEL);

	if (!name)
		return -ENOMEM;
	name[strcspn(name, "\n")] = 0;
	if (!*name) {
		kfree(name);
		name = NULL;
	}
	spin_lock(&override_lock);
	swap(ch->driver_override, name);
	spin_unlock(&override_lock);
	kfree(name);
	return count;
}
static DEVICE_ATTR_RW(driver_override);

static struct attribute *mock_dev_attrs[] = {
	&dev_attr_class_id.attr,
	&dev_attr_device_id.attr,
	&dev_attr_id.attr,
	&dev_attr_state.attr,
	&dev_attr_modalias.attr,
	&dev_attr_driver_override.attr,
	NULL,
};
ATTRIBUTE_GROUPS(mock_dev);

static ssize_t new_id_store(struct device_driver *driver, const char *buf,
			    size_t count)
{
	struct hv_driver *drv = container_of(driver, struct hv_driver, driver);
	struct dynid *dynid;
	guid_t guid;
	int ret;

	ret = guid_parse(buf, &guid);
	if (ret)
		return ret;
	if (match_id(drv, &guid))
		return -EEXIST;
	dynid = kzalloc(sizeof(*dynid), GFP_KERNEL);
	if (!dynid)
		return -ENOMEM;
	dynid->id.guid = guid;
	spin_lock(&drv->dynids.lock);
	list_add_tail(&dynid->node, &drv->dynids.list);
	spin_unlock(&drv->dynids.lock);
	ret = driver_attach(driver);
	return ret ? ret : count;
}
static DRIVER_ATTR_WO(new_id);

static ssize_t remove_id_store(struct device_driver *driver, const char *buf,
			       size_t count)
{
	struct hv_driver *drv = container_of(driver, struct hv_driver, driver);
	struct dynid *dynid, *found = NULL;
	guid_t guid;
	int ret;

	ret = guid_parse(buf, &guid);
	if (ret)
		return ret;
	spin_lock(&drv->dynids.lock);
	list_for_each_entry(dynid, &drv->dynids.list, node) {
		if (guid_equal(&dynid->id.guid, &guid)) {
			list_del(&dynid->node);
			found = dynid;
			break;
		}
	}
	spin_unlock(&drv->dynids.lock);
	kfree(found);
	return found ? count : -ENODEV;
}
static DRIVER_ATTR_WO(remove_id);

static struct attribute *mock_drv_attrs[] = {
	&driver_attr_new_id.attr,
	&driver_attr_remove_id.attr,
	NULL,
};
ATTRIBUTE_GROUPS(mock_drv);

static compat_bus_type mock_bus_type = {
	.name = "vmbus",
	.match = compat_bus_match(bus_match_plain, bus_match_const),
	.uevent = compat_bus_uevent(bus_uevent_plain, bus_uevent_const),
	.probe = bus_probe,
	.remove = bus_remove,
	.shutdown = bus_shutdown,
	.dev_groups = mock_dev_groups,
	.drv_groups = mock_drv_groups,
};

/**
 * __vmbus_driver_register - the mock's side of vmbus_driver_register()
 * @hv_driver: driver
 * @owner: its module
 * @mod_name: its module's name
 *
 * Return: 0 or an error of the driver core. Context: process, sleeps; devices that
 * are already there may be probed before it returns.
 */
int __vmbus_driver_register(struct hv_driver *hv_driver, struct module *owner,
			    const char *mod_name)
{
	hv_driver->driver.name = hv_driver->name;
	hv_driver->driver.owner = owner;
	hv_driver->driver.mod_name = mod_name;
	hv_driver->driver.bus = &mock_bus_type;
	spin_lock_init(&hv_driver->dynids.lock);
	INIT_LIST_HEAD(&hv_driver->dynids.list);
	return driver_register(&hv_driver->driver);
}
EXPORT_SYMBOL_GPL(__vmbus_driver_register);

/**
 * vmbus_driver_unregister - unbind all devices and forget a driver
 * @hv_driver: driver that was registered with success
 *
 * Context: process, sleeps; remove is called for each bound device.
 */
void vmbus_driver_unregister(struct hv_driver *hv_driver)
{
	struct dynid *dynid, *next;

	driver_unregister(&hv_driver->driver);
	list_for_each_entry_safe(dynid, next, &hv_driver->dynids.list, node)
		kfree(dynid);
	INIT_LIST_HEAD(&hv_driver->dynids.list);
}
EXPORT_SYMBOL_GPL(vmbus_driver_unregister);

static void device_release(struct device *dev)
{
	struct hv_device *hdev = container_of(dev, struct hv_device, device);
	struct mock_channel *ch = to_mock(hdev->channel);

	ch->hdev = NULL;
	kfree(hdev);
	if (test_bit(CH_REGISTERED, &ch->state))
		mock_channel_release(ch);
}

/**
 * mock_bus_publish - create and register the device of an offered channel
 * @ch: channel
 *
 * Sets CH_REGISTERED on success. A channel without device stays until the host
 * rescinds it. Context: the offer work; a synchronous probe runs inside.
 */
void mock_bus_publish(struct mock_channel *ch)
{
	struct vmbus_channel *channel = &ch->guest->vmbus;
	struct hv_device *hdev = kzalloc(sizeof(*hdev), GFP_KERNEL);
	int ret;

	channel->state = CHANNEL_OPEN_STATE;
	if (!hdev)
		goto fail;
	hdev->channel = channel;
	hdev->dev_type = channel->offermsg.offer.if_type;
	hdev->dev_instance = channel->offermsg.offer.if_instance;
	hdev->vendor_id = 0x1414;
	hdev->device.parent = mock_bus.root;
	hdev->device.bus = &mock_bus_type;
	hdev->device.release = device_release;
	hdev->device.dma_parms = &hdev->dma_parms;
	hdev->device.dma_mask = &hdev->dma_mask;
	hdev->dma_mask = DMA_BIT_MASK(64);
	channel->device_obj = hdev;
	ch->hdev = hdev;
	dev_set_name(&hdev->device, "%pUl", &hdev->dev_instance);
	ret = device_register(&hdev->device);
	if (ret) {
		put_device(&hdev->device);
		goto fail;
	}
	channel->probe_done = true;
	set_bit(CH_REGISTERED, &ch->state);
	return;
fail:
	pr_err("relid %u: no device\n", ch->relid);
	channel->device_obj = NULL;
}

/**
 * mock_bus_withdraw - unregister the device of a rescinded channel
 * @ch: channel with CH_REGISTERED
 *
 * Context: the rescind work; remove and release run inside.
 */
void mock_bus_withdraw(struct mock_channel *ch)
{
	device_unregister(&ch->hdev->device);
}

/**
 * mock_bus_init - register the bus
 *
 * Return: 0, -EEXIST when the real bus is there, -ENOMEM. Context: module init.
 */
int mock_bus_init(void)
{
	int ret = bus_register(&mock_bus_type);

	if (ret)
		return ret;
	mock_bus.root = root_device_register("mock_vmbus");
	if (IS_ERR(mock_bus.root)) {
		bus_unregister(&mock_bus_type);
		return PTR_ERR(mock_bus.root);
	}
	return 0;
}

/**
 * mock_bus_exit - undo mock_bus_init()
 *
 * Context: module exit; no device and no driver is left.
 */
void mock_bus_exit(void)
{
	root_device_unregister(mock_bus.root);
	bus_unregister(&mock_bus_type);
}
