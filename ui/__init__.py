"""The chat page for staff, in Streamlit. It draws; answers and chats come from `builder.bot`."""
