output "topic_arn" {
  description = "ARN of the topic, told once its policy stands."
  value       = aws_sns_topic.this.arn

  # S3 refuses a notification to a topic that it may not publish to.
  depends_on = [aws_sns_topic_policy.this]
}

output "topic_name" {
  description = "Name of the topic (dimension TopicName)."
  value       = aws_sns_topic.this.name
}

output "queue_arns" {
  description = "ARNs of the queues by name, for the event sources of functions and for topics of other regions, told once topics may send to them."
  value       = { for name, queue in aws_sqs_queue.this : name => queue.arn }

  # What SNS may not deliver to a queue it does not try again.
  depends_on = [aws_sqs_queue_policy.this]
}

output "queue_urls" {
  description = "URLs of the queues by name."
  value       = { for name, queue in aws_sqs_queue.this : name => queue.url }
}

output "queue_names" {
  description = "Names of the queues by name (dimension QueueName)."
  value       = { for name, queue in aws_sqs_queue.this : name => queue.name }
}

output "dead_letter_urls" {
  description = "URLs of the dead-letter queues by the names of their queues."
  value       = { for name, queue in aws_sqs_queue.dead_letter : name => queue.url }
}

output "dead_letter_arns" {
  description = "ARNs of the dead-letter queues by the names of their queues."
  value       = { for name, queue in aws_sqs_queue.dead_letter : name => queue.arn }
}

output "dead_letter_names" {
  description = "Names of the dead-letter queues by the names of their queues (dimension QueueName)."
  value       = { for name, queue in aws_sqs_queue.dead_letter : name => queue.name }
}
