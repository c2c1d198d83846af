import 'onnxruntime-node'
