"""Live rooms: every signed-in user has one, `user_<id>`, and is told there."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer

NOT_SIGNED_IN = 4401


def room_of(user):
    return f"user_{user.pk}"


class NotificationRoom(AsyncJsonWebsocketConsumer):
    """The WebSocket at `/notifs`. What is sent to the room as type `tell` reaches all of the user's windows."""

    async def connect(self):
        user = self.scope["user"]
        await self.accept()
        if not user.is_authenticated:
            await self.close(NOT_SIGNED_IN)
            return
        self.groups.append(room_of(user))
        await self.channel_layer.group_add(room_of(user), self.channel_name)
        await self.send_json({"meta": "WS connected"})

    async def tell(self, message):
        await self.send_json(message["document"])
