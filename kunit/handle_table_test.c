// SPDX-License-Identifier: GPL-2.0
/*
 * Handle tables: exact match of all bits, life of a slot, adapter handles.
 */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "adapter.h"
#include "handle_table.h"

#define TEST_HANDLE	0x400000c0U

struct handle_fixture {
	struct dxg_adapter adapter;
	struct dxg_handle_table table;
	struct dxg_object first;
	struct dxg_object second;
};

/* The objects are part of the fixture. */
static void handle_test_release(struct dxg_object *obj)
{
}

static int handle_test_init(struct kunit *test)
{
	struct handle_fixture *fix = kunit_kzalloc(test, sizeof(*fix),
						   GFP_KERNEL);

	if (!fix)
		return -ENOMEM;
	fix->adapter.state = DXG_ADAPTER_ACTIVE;
	dxg_handle_table_init(&fix->table);
	dxg_object_init(&fix->first, DXG_DEVICE, &fix->adapter, NULL,
			handle_test_release);
	dxg_object_init(&fix->second, DXG_CONTEXT, &fix->adapter, NULL,
			handle_test_release);
	test->priv = fix;
	return 0;
}

static void handle_test_exit(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;

	if (fix)
		dxg_handle_table_destroy(&fix->table);
}

static void publish(struct kunit *test, struct dxg_object *obj, u32 handle)
{
	struct handle_fixture *fix = test->priv;

	KUNIT_ASSERT_EQ(test, dxg_handle_reserve(&fix->table, handle), 0);
	dxg_handle_publish(&fix->table, obj, handle);
}

static void a_published_handle_is_found_with_a_reference(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;

	publish(test, &fix->first, TEST_HANDLE);
	KUNIT_EXPECT_EQ(test, refcount_read(&fix->first.refs), 2);
	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						    DXG_DEVICE), &fix->first);
	KUNIT_EXPECT_EQ(test, refcount_read(&fix->first.refs), 3);
	KUNIT_EXPECT_EQ(test, fix->first.handle, TEST_HANDLE);
	KUNIT_EXPECT_TRUE(test, dxg_handle_is_live(&fix->table, TEST_HANDLE));
}

static void every_flipped_bit_of_a_live_handle_is_refused(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u32 wrong;
	int bit;

	publish(test, &fix->first, TEST_HANDLE);
	for (bit = 0; bit < 32; bit++) {
		wrong = TEST_HANDLE ^ BIT(bit);
		KUNIT_EXPECT_NULL_MSG(test,
				      dxg_handle_lookup(&fix->table, wrong,
							DXG_DEVICE),
				      "bit %d", bit);
		KUNIT_EXPECT_NULL_MSG(test,
				      dxg_handle_remove(&fix->table, wrong,
							DXG_DEVICE),
				      "bit %d", bit);
		KUNIT_EXPECT_FALSE_MSG(test,
				       dxg_handle_is_live(&fix->table, wrong),
				       "bit %d", bit);
	}
	KUNIT_EXPECT_EQ(test, refcount_read(&fix->first.refs), 2);
}

static void a_handle_of_another_type_is_refused(struct kunit *test)
{
	static const enum dxg_object_type types[] = {
		DXG_FREE, DXG_ADAPTER, DXG_RESOURCE, DXG_ALLOCATION,
		DXG_CONTEXT, DXG_SYNC_OBJECT, DXG_PAGING_QUEUE, DXG_HWQUEUE,
		DXG_MONITORED_FENCE,
	};
	struct handle_fixture *fix = test->priv;
	unsigned int i;

	publish(test, &fix->first, TEST_HANDLE);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table,
							  TEST_HANDLE,
							  types[i]));
		KUNIT_EXPECT_NULL(test, dxg_handle_remove(&fix->table,
							  TEST_HANDLE,
							  types[i]));
	}
}

static void zero_and_out_of_range_handles_cannot_be_reserved(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u32 last = 0x40000000U | (DXG_HANDLE_INDEX_LIMIT - 1) << 6;

	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table,
						 last + (1 << 6)), -EINVAL);
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, U32_MAX),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, last), 0);
	KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table, U32_MAX,
						  DXG_DEVICE));
	KUNIT_EXPECT_NULL(test, dxg_handle_remove(&fix->table, U32_MAX,
						  DXG_DEVICE));
}

static void an_occupied_slot_cannot_be_reserved(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;

	publish(test, &fix->first, TEST_HANDLE);
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, TEST_HANDLE),
			-EINVAL);
	/* the same index with another stamp or other instance bits */
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table,
						 TEST_HANDLE ^ 0xc0000000),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, TEST_HANDLE | 1),
			-EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						    DXG_DEVICE), &fix->first);
}

/* The host gives out numbers again that it forgot with the adapter. */
static void an_object_of_a_stopped_adapter_makes_room(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u32 again = TEST_HANDLE ^ 0xc0000000;
	struct dxg_adapter *next = kunit_kzalloc(test, sizeof(*next),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, next);
	next->state = DXG_ADAPTER_ACTIVE;
	fix->second.adapter = next;
	publish(test, &fix->first, TEST_HANDLE);
	fix->adapter.state = DXG_ADAPTER_STOPPED;
	publish(test, &fix->second, again);

	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						    DXG_DEVICE), &fix->first);
	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_lookup(&fix->table, again,
						    DXG_CONTEXT), &fix->second);
	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_remove(&fix->table, TEST_HANDLE,
						    DXG_DEVICE), &fix->first);
	KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						  DXG_DEVICE));
	KUNIT_EXPECT_FALSE(test, dxg_handle_remove_object(&fix->table,
							  &fix->first));
	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_remove(&fix->table, again,
						    DXG_CONTEXT), &fix->second);
}

static void a_reserved_slot_is_invisible_and_taken(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;

	KUNIT_ASSERT_EQ(test, dxg_handle_reserve(&fix->table, TEST_HANDLE), 0);
	KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						  DXG_DEVICE));
	KUNIT_EXPECT_FALSE(test, dxg_handle_is_live(&fix->table, TEST_HANDLE));
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, TEST_HANDLE),
			-EINVAL);
	dxg_handle_unreserve(&fix->table, TEST_HANDLE);
	KUNIT_EXPECT_EQ(test, dxg_handle_reserve(&fix->table, TEST_HANDLE), 0);
}

static void a_removed_handle_is_stale_also_when_reused(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u64 births;

	publish(test, &fix->first, TEST_HANDLE);
	births = fix->table.births;
	KUNIT_EXPECT_PTR_EQ(test, dxg_handle_remove(&fix->table, TEST_HANDLE,
						    DXG_DEVICE), &fix->first);
	KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						  DXG_DEVICE));
	KUNIT_EXPECT_FALSE(test, dxg_handle_born_until(&fix->table,
						       TEST_HANDLE, births));

	publish(test, &fix->second, TEST_HANDLE ^ 0xc0000000);
	KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						  DXG_CONTEXT));
}

static void a_reused_value_is_younger_than_what_it_named(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u64 births;

	publish(test, &fix->first, TEST_HANDLE);
	births = fix->table.births;
	KUNIT_EXPECT_TRUE(test, dxg_handle_born_until(&fix->table, TEST_HANDLE,
						      births));
	dxg_handle_remove(&fix->table, TEST_HANDLE, DXG_DEVICE);
	publish(test, &fix->second, TEST_HANDLE);
	KUNIT_EXPECT_FALSE(test, dxg_handle_born_until(&fix->table,
						       TEST_HANDLE, births));
	KUNIT_EXPECT_TRUE(test, dxg_handle_born_until(&fix->table, TEST_HANDLE,
						      births + 1));
}

static void an_object_without_references_is_not_found(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;

	publish(test, &fix->first, TEST_HANDLE);
	refcount_set(&fix->first.refs, 0);
	KUNIT_EXPECT_NULL(test, dxg_handle_lookup(&fix->table, TEST_HANDLE,
						  DXG_DEVICE));
}

static void only_the_object_itself_is_removed(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;

	publish(test, &fix->first, TEST_HANDLE);
	fix->second.handle = TEST_HANDLE;
	KUNIT_EXPECT_FALSE(test, dxg_handle_remove_object(&fix->table,
							  &fix->second));
	KUNIT_EXPECT_TRUE(test, dxg_handle_remove_object(&fix->table,
							 &fix->first));
	KUNIT_EXPECT_FALSE(test, dxg_handle_remove_object(&fix->table,
							  &fix->first));
}

/* Threads that all try to remove the same handles. */
#define REMOVE_HANDLES	256

struct remove_race {
	struct dxg_handle_table *table;
	struct completion go;
	struct completion done;
	atomic_t removed;
};

static int remove_all(void *data)
{
	struct remove_race *race = data;
	u32 i;

	wait_for_completion(&race->go);
	for (i = 1; i <= REMOVE_HANDLES; i++)
		if (dxg_handle_remove(race->table, 0x40000000U | i << 6,
				      DXG_DEVICE))
			atomic_inc(&race->removed);
	complete(&race->done);
	return 0;
}

static void removal_has_one_winner(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	struct remove_race race = {
		.table = &fix->table,
		.removed = ATOMIC_INIT(0),
	};
	struct dxg_object *objects;
	unsigned int i, threads = 0;

	init_completion(&race.go);
	init_completion(&race.done);
	objects = kunit_kcalloc(test, REMOVE_HANDLES + 1, sizeof(*objects),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, objects);
	for (i = 1; i <= REMOVE_HANDLES; i++) {
		dxg_object_init(&objects[i], DXG_DEVICE, &fix->adapter, NULL,
				handle_test_release);
		publish(test, &objects[i], 0x40000000U | i << 6);
	}
	for (i = 0; i < 4; i++)
		threads += !IS_ERR(kthread_run(remove_all, &race, "remove"));
	complete_all(&race.go);
	for (i = 0; i < threads; i++)
		wait_for_completion(&race.done);
	KUNIT_EXPECT_EQ(test, threads, 4);
	KUNIT_EXPECT_EQ(test, atomic_read(&race.removed), REMOVE_HANDLES);
}

static void adapter_handles_are_in_range_and_differ_when_reused(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u32 seen[4], index, i;
	u8 stamp = 0;

	fix->first.type = DXG_ADAPTER;
	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		KUNIT_ASSERT_EQ(test,
				dxg_handle_alloc_adapter(&fix->table,
							 &fix->first, &stamp),
				0);
		seen[i] = fix->first.handle;
		index = dxg_handle_index(seen[i]);
		KUNIT_EXPECT_GE(test, index, DXG_ADAPTER_INDEX_FIRST);
		KUNIT_EXPECT_LT(test, index, DXG_HANDLE_INDEX_LIMIT);
		KUNIT_EXPECT_NE(test, seen[i] >> 30, 0);
		KUNIT_EXPECT_EQ(test, seen[i] & 0x3f, 0);
		KUNIT_EXPECT_TRUE(test,
				  dxg_handle_remove_object(&fix->table,
							   &fix->first));
		if (i)
			KUNIT_EXPECT_NE(test, seen[i], seen[i - 1]);
	}
}

static void a_full_adapter_range_says_so(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	u32 index;
	u8 stamp = 0;

	for (index = DXG_ADAPTER_INDEX_FIRST; index < DXG_HANDLE_INDEX_LIMIT;
	     index++)
		KUNIT_ASSERT_EQ(test, dxg_handle_reserve(&fix->table,
							 index << 6), 0);
	KUNIT_EXPECT_EQ(test, dxg_handle_alloc_adapter(&fix->table,
						       &fix->first, &stamp),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, fix->first.handle, 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&fix->first.refs), 1);
}

/*
 * The host chooses the indices, so memory must not grow with their value: a
 * lone object at the far end needs one node per level of the tree.
 */
/* P24, P67: memory by the number of handles. */
static void a_sparse_index_costs_one_node_per_level(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	XA_STATE(xas, &fix->table.xa, DXG_HANDLE_INDEX_LIMIT - 1);
	struct xa_node *node;
	unsigned int levels = 0;

	publish(test, &fix->first, 0x40000000U |
		(DXG_HANDLE_INDEX_LIMIT - 1) << 6);
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, xas_load(&xas), (void *)&fix->first);
	for (node = xas.xa_node; node; node = rcu_dereference(node->parent)) {
		KUNIT_EXPECT_EQ(test, node->count, 1);
		levels++;
	}
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, levels, DIV_ROUND_UP(24, XA_CHUNK_SHIFT));
}

#define MANY	4000U

/* P67: as many objects of one process, each found, and nothing left of them. */
static void many_handles_leave_an_empty_table(struct kunit *test)
{
	struct handle_fixture *fix = test->priv;
	struct dxg_object *objects;
	unsigned int i, lost = 0;

	objects = kvcalloc(MANY, sizeof(*objects), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, objects);
	for (i = 0; i < MANY; i++) {
		dxg_object_init(&objects[i], DXG_SYNC_OBJECT, &fix->adapter,
				NULL, handle_test_release);
		if (dxg_handle_reserve(&fix->table, TEST_HANDLE + (i << 6)))
			break;
		dxg_handle_publish(&fix->table, &objects[i],
				   TEST_HANDLE + (i << 6));
	}
	KUNIT_EXPECT_EQ(test, i, MANY);
	while (i--) {
		if (dxg_handle_is_live(&fix->table, objects[i].handle) &&
		    dxg_handle_remove_object(&fix->table, &objects[i]))
			continue;
		lost++;
	}
	KUNIT_EXPECT_EQ(test, lost, 0);
	/* no entry, no node */
	KUNIT_EXPECT_TRUE(test, xa_empty(&fix->table.xa));
	kvfree(objects);
}

static struct kunit_case handle_table_cases[] = {
	KUNIT_CASE(a_published_handle_is_found_with_a_reference),
	KUNIT_CASE(every_flipped_bit_of_a_live_handle_is_refused),
	KUNIT_CASE(a_handle_of_another_type_is_refused),
	KUNIT_CASE(zero_and_out_of_range_handles_cannot_be_reserved),
	KUNIT_CASE(an_occupied_slot_cannot_be_reserved),
	KUNIT_CASE(an_object_of_a_stopped_adapter_makes_room),
	KUNIT_CASE(a_reserved_slot_is_invisible_and_taken),
	KUNIT_CASE(a_removed_handle_is_stale_also_when_reused),
	KUNIT_CASE(a_reused_value_is_younger_than_what_it_named),
	KUNIT_CASE(an_object_without_references_is_not_found),
	KUNIT_CASE(only_the_object_itself_is_removed),
	KUNIT_CASE(removal_has_one_winner),
	KUNIT_CASE(adapter_handles_are_in_range_and_differ_when_reused),
	KUNIT_CASE(a_full_adapter_range_says_so),
	KUNIT_CASE(a_sparse_index_costs_one_node_per_level),
	KUNIT_CASE(many_handles_leave_an_empty_table),
	{ }
};

static struct kunit_suite handle_table_suite = {
	.name = "dxg_handle_table",
	.init = handle_test_init,
	.exit = handle_test_exit,
	.test_cases = handle_table_cases,
};

kunit_test_suite(handle_table_suite);
