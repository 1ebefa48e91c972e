"""The gestures: one function per thing a person does."""
