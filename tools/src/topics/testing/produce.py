"""Publishes messages as a client of another language does: our proto files, the official client, and no properties."""

import sys

import mmh3
import pulsar
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

url, topic, image, name = sys.argv[1:]
descriptors = descriptor_pb2.FileDescriptorSet()
with open(image, "rb") as file:
    descriptors.ParseFromString(file.read())
pool = descriptor_pool.DescriptorPool()
for descriptor in descriptors.file:
    pool.Add(descriptor)
message_class = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def partition_of(message, partitions):
    """That of the Java client, and of ours: a key has the same partition, whoever publishes."""
    return (mmh3.hash(message.partition_key()) & 0x7FFFFFFF) % partitions


client = pulsar.Client(url)
producer = client.create_producer(topic, batching_enabled=True, message_router=partition_of)
failures = []
for line in sys.stdin:
    message = json_format.Parse(line, message_class())
    confirmed = lambda result, _: result == pulsar.Result.Ok or failures.append(result)
    producer.send_async(message.SerializeToString(), confirmed, partition_key=message.order_id)
producer.flush()
client.close()
sys.exit(f"not published: {failures}" if failures else 0)
