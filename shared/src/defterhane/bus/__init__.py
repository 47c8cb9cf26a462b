"""The bus: one interface, two carriers, and the relay that takes events from outboxes to it."""

from defterhane.bus.base import Bus, Delivery
from defterhane.bus.topology import QUEUES, Queue, queues_for

__all__ = ["QUEUES", "Bus", "Delivery", "Queue", "queues_for"]
